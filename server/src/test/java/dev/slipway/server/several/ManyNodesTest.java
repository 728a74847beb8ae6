package dev.slipway.server.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.several.Platform.Member;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A thousand nodes come back at once to a leader that has just taken over.
@Timeout(120)
class ManyNodesTest {
  private static final int NODES = 1000;
  private static final int APPS = 10;
  private static final int TASKS = 1000;

  /// Of processor time.
  private static final Duration BUSY = Duration.ofSeconds(10);

  @TempDir private Path directory;
  private final SharedMachine machine = new SharedMachine(NODES);
  private Platform platform;

  @BeforeEach
  void start() throws IOException {
    platform = new Platform(directory, machine, ElectionRules.withLease(Duration.ofSeconds(5)));
    platform.start("one");
    platform.start("two");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static Duration processorTime() {
    return Duration.ofNanos(
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime());
  }

  private static int write(Member member, String id, int instances) {
    RawClient.Answer answer =
        member
            .client()
            .send(
                "POST", "/v2/apps", Platform.app(id, instances), "Content-Type: application/json");
    return answer.status();
  }

  @Test
  void aThousandNodesThatReportAtOnceAfterATakeoverAreAllKeptAndKeepTheLeaderBusyForAMoment() {
    Member old = platform.leader();
    for (int app = 0; app < APPS; app++) {
      assertThat(write(old, "wide-" + app, TASKS / APPS)).isEqualTo(201);
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> machine.running() == TASKS);

    platform.stop(old);
    Duration before = processorTime();
    Member next = platform.leader();
    machine.everyNodeReports();
    assertThat(write(next, "later", 1)).isEqualTo(201);
    await().atMost(Platform.PATIENCE).until(() -> machine.running() == TASKS + 1);
    await().atMost(Platform.PATIENCE).until(() -> next.read("/health").at("/backlog").asInt() == 0);

    Duration busy = processorTime().minus(before);
    System.out.printf("%d nodes were taken over with %d ms of work%n", NODES, busy.toMillis());
    assertThat(busy).isLessThan(BUSY);
    JsonNode nodes = next.read("/api/v1/nodes");
    assertThat(
            nodes.at("/evictionsPaused").isMissingNode() || nodes.at("/evictionsPaused").isNull())
        .isTrue();
    assertThat(nodes.at("/nodes")).hasSize(NODES);
    assertThat(nodes.at("/nodes"))
        .allSatisfy(node -> assertThat(node.at("/state").asString()).isEqualTo("ready"));
    assertThat(machine.launched()).hasSize(TASKS + 1).doesNotHaveDuplicates();
    assertThat(machine.killed()).isEmpty();
  }
}
