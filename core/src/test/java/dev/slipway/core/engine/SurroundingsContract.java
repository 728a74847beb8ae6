package dev.slipway.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What engines keep to that give tasks secrets and persistent volumes.
public interface SurroundingsContract extends EngineHarness {
  @Test
  default void secretsReachVariablesAndFilesAndNothingElse() throws Exception {
    var store = Map.of("db/password", "hunter2", "tls/key", "line 1\nline 2\n");
    try (Engine engine = open(source -> value(store, source))) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch launch =
          surrounded(
              "echo \"$DB\"; cat etc/key; stat -c %a -L etc/key; touch done; sleep 100",
              secrets(Map.of("pw", "db/password", "key", "tls/key"), Map.of("DB", "pw")),
              List.of(new Volume.SecretFile("etc/key", "key")),
              List.of());
      engine.launch(launch);
      seen.awaitRunning(launch.id());
      CommandOutcome beside =
          engine.execute(
              launch.id(),
              new Command.Shell("until test -e done; do sleep 0.01; done; echo $DB; cat etc/key"),
              DEADLINE);
      assertThat(beside.output()).isEqualTo("hunter2\nline 1\nline 2\n");
      Sandbox sandbox = engine.sandbox(launch.id()).orElseThrow();
      assertThat(sandbox.read("stdout", 0, 1000))
          .asString()
          .matches("hunter2\nline 1\nline 2\n4[04]0\n");
      assertThat(shownOf(sandbox, "etc/key")).doesNotContain("line 1");
      engine.kill(launch.id(), Duration.ZERO, new Epoch(1));
      seen.awaitEnd(launch.id());
      assertThat(shownOf(sandbox, "etc/key")).doesNotContain("line 1");
    }
  }

  /// What browsing shows of a file.
  private static String shownOf(Sandbox sandbox, String path) {
    try {
      return new String(sandbox.read(path, 0, 1000), UTF_8);
    } catch (java.io.IOException refused) {
      return "";
    }
  }

  private static Optional<SecretValue> value(Map<String, String> store, String source) {
    return Optional.ofNullable(store.get(source)).map(SecretValue::of);
  }

  private static Secrets secrets(Map<String, String> sources, Map<String, String> variables) {
    return new Secrets(new TreeMap<>(sources), new TreeMap<>(variables));
  }

  @Test
  default void aTaskWithoutItsSecretFailsBeforeItRunsAndNamesIt() throws Exception {
    SecretReader store =
        source -> {
          if (source.equals("sealed")) {
            throw new SecretUnreadable("the key is gone");
          }
          return Optional.empty();
        };
    try (Engine engine = open(store)) {
      var seen = new Observed();
      engine.start(seen);
      for (String source : List.of("not/there", "sealed")) {
        for (boolean variable : new boolean[] {true, false}) {
          TaskLaunch launch =
              surrounded(
                  "touch ran",
                  secrets(Map.of("pw", source), variable ? Map.of("DB", "pw") : Map.of()),
                  variable ? List.of() : List.of(new Volume.SecretFile("pw", "pw")),
                  List.of());
          engine.launch(launch);
          TaskEnd end = seen.awaitEnd(launch.id());
          assertThat(end.reason()).isEqualTo(Reason.LAUNCH_FAILED);
          assertThat(end.message()).contains("'pw'").contains(source);
          assertThat(seen.statuses(launch.id()))
              .doesNotHaveAnyElementsOfTypes(Status.Running.class);
        }
      }
    }
  }

  @Test
  default void aVolumeOutlivesItsTasksUntilItIsDestroyed() throws Exception {
    var volume =
        new MountedVolume(
            VolumeId.of(PathId.of("/contract"), "data", UUID.randomUUID()), "data", 1 << 20);
    TaskLaunch first = withVolume("echo kept >data/file; sleep 100", volume);
    TaskLaunch second = withVolume("cat data/file; pwd", volume);
    TaskLaunch third = withVolume("ls data", volume);
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      engine.launch(first);
      seen.awaitRunning(first.id());
      engine.execute(
          first.id(), new Command.Shell("until test -s data/file; do sleep 0.01; done"), DEADLINE);
      assertThatThrownBy(() -> engine.destroyVolume(volume.id(), new Epoch(1)))
          .hasMessageContaining(volume.id().value());
      TaskLaunch other = withVolume("true", volume);
      engine.launch(other);
      assertThat(seen.awaitEnd(other.id()).message()).contains("in use");
    }
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      assertThat(engine.volumes())
          .filteredOn(StoredVolume::inUse)
          .extracting(StoredVolume::id)
          .containsExactly(volume.id());
      engine.kill(first.id(), Duration.ZERO, new Epoch(1));
      seen.awaitEnd(first.id());
      engine.launch(second);
      assertThat(seen.awaitEnd(second.id()).successful()).isTrue();
      assertThat(engine.sandbox(second.id()).orElseThrow().read("stdout", 0, 5))
          .asString()
          .isEqualTo("kept\n");
      engine.destroyVolume(volume.id(), new Epoch(1));
      engine.destroyVolume(volume.id(), new Epoch(1));
      assertThat(engine.volumes()).isEmpty();
      engine.launch(third);
      assertThat(seen.awaitEnd(third.id()).successful()).isTrue();
      assertThat(engine.sandbox(third.id()).orElseThrow().size("stdout")).isZero();
      assertThatThrownBy(() -> engine.destroyVolume(volume.id(), new Epoch(0)))
          .isInstanceOf(StaleEpoch.class);
    }
  }

  private TaskLaunch withVolume(String line, MountedVolume volume) {
    return surrounded(line, Secrets.NONE, List.of(), List.of(volume));
  }
}
