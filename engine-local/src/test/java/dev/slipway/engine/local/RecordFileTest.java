package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Surroundings;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class RecordFileTest {
  private static final String ODD = "a\\b\n\\n\r=\u0001ü€\"'\n";

  @TempDir Path directory;

  private RecordFile.Content written(RecordFile.Content content) throws IOException {
    Path file = directory.resolve("record");
    RecordFile.write(file, content);
    return RecordFile.read(file).orElseThrow();
  }

  @Test
  void launchesComeBackAsTheyWere() throws IOException {
    var app = PathId.of("/shop/cart");
    for (Command command :
        List.of(new Command.Shell(ODD), new Command.Arguments(List.of("x", "", ODD)))) {
      var launch =
          new TaskLaunch(
              InstanceId.of(app, UUID.randomUUID()).task(),
              app,
              new NodeId("node-1"),
              new Epoch(7),
              command,
              new TreeMap<>(Map.of("A", ODD, "b.c", "", "D", "x=y")),
              new Resources(1, 2, 3, 4),
              List.of(
                  Fetch.of("http://x/y?z=1"),
                  new Fetch("s", false, true, true, Optional.of("d e"), Optional.of("ab"))),
              Optional.of("nobody"),
              List.of(31_000, 31_001),
              List.of(0, 3),
              Surroundings.NONE,
              Instant.parse("2026-11-01T10:00:00.123Z"),
              Duration.ofMillis(1500));
      assertThat(LaunchRecord.decode(written(LaunchRecord.encode(launch)))).isEqualTo(launch);
    }
  }

  @Test
  void theOtherRecordsComeBackAsTheyWere() throws IOException {
    var end =
        new EndRecord(
            new TaskEnd(TaskEnd.Reason.SIGNALED, Optional.empty(), Optional.of(9), ODD),
            Instant.parse("2026-01-02T03:04:05.678Z"));
    assertThat(EndRecord.decode(written(end.encode()))).isEqualTo(end);
    var kill = new KillOrder(TaskEnd.Reason.KILLED, ODD, Instant.EPOCH, Duration.ofMillis(1500));
    assertThat(KillOrder.decode(written(kill.encode()))).isEqualTo(kill);
    var account = new Account(200_001, 200_001, Optional.of("x"));
    var run = new RunRecord(IsolationTier.NAMESPACES, account, List.of("/a", "/b"), 64);
    assertThat(RunRecord.decode(written(run.encode()))).isEqualTo(run);
  }

  @Test
  void everyCutOrChangedByteIsNoticed() throws IOException {
    Path file = directory.resolve("record");
    RecordFile.write(file, new RecordFile.Lines().add("name", "value").content());
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      Files.write(file, java.util.Arrays.copyOf(whole, i));
      assertThatThrownBy(() -> RecordFile.read(file)).isInstanceOf(IOException.class);
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      Files.write(file, changed);
      assertThatThrownBy(() -> RecordFile.read(file)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theGraceOfAKillRunsOnAndNeverGrows() {
    Instant ordered = Instant.parse("2026-01-01T00:00:00Z");
    var kill = new KillOrder(TaskEnd.Reason.KILLED, "", ordered, Duration.ofSeconds(10));
    assertThat(kill.remaining(ordered.plusSeconds(4))).isEqualTo(Duration.ofSeconds(6));
    assertThat(kill.remaining(ordered.plusSeconds(40))).isEqualTo(Duration.ZERO);
    assertThat(kill.remaining(ordered.minusSeconds(4000))).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void appsNeverShareAnAccountAlsoAfterARestart() throws Exception {
    Path file = directory.resolve("accounts");
    var root = new Account(0, 0, Optional.empty());
    var first = new Accounts(file, root, false);
    Account a = first.accountFor(PathId.of("/a"), Optional.empty());
    Account b = first.accountFor(PathId.of("/b"), Optional.empty());
    var second = new Accounts(file, root, false);
    assertThat(second.accountFor(PathId.of("/c"), Optional.empty()).uid())
        .isNotIn(a.uid(), b.uid(), 0);
    assertThat(second.accountFor(PathId.of("/b"), Optional.empty())).isEqualTo(b);
    var self = new Account(1234, 1234, Optional.empty());
    var plain = new Accounts(directory.resolve("others"), self, false);
    assertThat(plain.accountFor(PathId.of("/a"), Optional.empty())).isEqualTo(self);
    assertThatThrownBy(() -> plain.accountFor(PathId.of("/a"), Optional.of("nobody")))
        .isInstanceOf(Accounts.AccountProblem.class)
        .hasMessageContaining("not root");
  }

  @Test
  void longTaskIdsHaveShortNamesThatDiffer() {
    var app = PathId.of("/" + "a".repeat(250));
    var one = InstanceId.of(app, new UUID(1, 1)).task();
    var other = InstanceId.of(app, new UUID(1, 2)).task();
    assertThat(EngineDirectory.nameOf(one)).hasSizeLessThanOrEqualTo(200);
    assertThat(EngineDirectory.nameOf(one)).isNotEqualTo(EngineDirectory.nameOf(other));
  }
}
