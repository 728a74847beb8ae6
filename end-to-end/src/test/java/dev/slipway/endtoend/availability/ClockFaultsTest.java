package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.kubernetes.Locks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.opentest4j.TestAbortedException;

/// The leader's clock jumps while pods are being replaced and clients write. Only where libfaketime
/// is (Debian's package `faketime`), which changes what the process takes for the time of day.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
@ResourceLock(Locks.SEVERAL_SERVERS)
class ClockFaultsTest {
  @RegisterExtension static final Servers SERVERS = Servers.on("clock-faults");

  private static final String TRUE_TIME = "+0";
  private static final List<String> JUMPS = List.of("+3600", "-3600", "+12y", TRUE_TIME);

  @TempDir private Path directory;

  @Test
  void aLeaderWhoseClockJumpsKillsNothingAndItsDeploymentEnds() throws IOException {
    Path offset = Files.writeString(directory.resolve("offset"), TRUE_TIME);
    Member leader = SERVERS.members().getFirst();
    lead(leader, environment(offset));
    try (Writers writers = SERVERS.writers("/clock")) {
      Workload.Rolling rolling = SERVERS.workload().roll();

      for (String jump : JUMPS) {
        Files.writeString(offset, jump);
        writers.awaitAccepted();
        SERVERS.workload().assertBystandersUntouched();
      }

      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
    }
    leader.server().stop();
  }

  /// Lets a server lead that has this environment: the others end until it does.
  private static void lead(Member chosen, Map<String, String> environment) {
    SERVERS.members().forEach(member -> member.server().stop());
    chosen.server().environment(environment);
    chosen.server().start();
    assertThat(SERVERS.leader()).isEqualTo(chosen);
    Servers.start(SERVERS.others(chosen));
    SERVERS.awaitAgreement();
  }

  private static Map<String, String> environment(Path offset) throws IOException {
    return Map.of(
        "LD_PRELOAD",
        library().toString(),
        "FAKETIME_TIMESTAMP_FILE",
        offset.toString(),
        "FAKETIME_CACHE_DURATION",
        "1",
        // Newer and older versions call it so.
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        "DONT_FAKE_MONOTONIC",
        "1");
  }

  private static Path library() throws IOException {
    try (Stream<Path> directories = Files.list(Path.of("/usr/lib"))) {
      return directories
          .map(each -> each.resolve("faketime/libfaketime.so.1"))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow(() -> new TestAbortedException("libfaketime is not here"));
    }
  }
}
