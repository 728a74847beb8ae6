package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Program;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import dev.slipway.endtoend.harness.Tasks;
import dev.slipway.endtoend.harness.Visitor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// New versions replace old ones while somebody is looking.
class RollingUpdateTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("rolling-update");

  private static final int INSTANCES = 4;
  private static final double MINIMUM = 0.75;

  private final RunningServer server = SHARED.get();

  private static App version(String version) {
    return App.web("/web", version)
        .with("instances", INSTANCES)
        .with("env", Map.of("VERSION", version, "LINGER", "1000"))
        .with(
            "upgradeStrategy",
            Map.of("minimumHealthCapacity", MINIMUM, "maximumOverCapacity", 0.25));
  }

  @Test
  void anUpdateUnderLoadLeavesNoRequestUnansweredAndNeverTooFewInstances() {
    server.createAndAwait(version("1"));
    try (Visitor visitor = Visitor.of(server.client(), "/web")) {
      server.awaitSuccess(server.change(version("2")));
      server.awaitSuccess(server.change(version("3")));
      visitor.awaitAnswer("3");

      assertThat(visitor.failures()).isEmpty();
      assertThat(visitor.answers()).containsOnlyKeys("1", "2", "3");
      assertThat(visitor.fewestHealthy()).isGreaterThanOrEqualTo((int) (INSTANCES * MINIMUM));
      assertThat(visitor.mostRunning()).isLessThanOrEqualTo(INSTANCES + 1);
    }
    assertThat(server.tasks("/web").healthy()).hasSize(INSTANCES);
  }

  @Test
  void anUpdateThatIsNeverHealthyLeavesTheOldVersionAndIsToldAsItIs() {
    App good = version("1").with("instances", 2);
    server.createAndAwait(good);
    Map<String, Program> before = server.programs();
    App broken =
        version("2")
            .with("instances", 2)
            .with("env", Map.of("VERSION", "2", "WELL", "no"))
            .with("upgradeStrategy", Map.of("minimumHealthCapacity", 1))
            .with("healthChecks", List.of(impatientCheck()));
    Path file = server.file("broken.json", broken);

    CommandRun deployed = server.slipway("deploy", file.toString());

    assertThat(deployed.code()).as(deployed.out()).isEqualTo(1);
    assertThat(deployed.lastLine())
        .startsWith("FAILED: the new version keeps failing")
        .contains("/web")
        .contains("slipway rollback /web");
    assertThat(deployed.out())
        .contains("/web failed ")
        .contains("web.")
        .contains("500")
        .contains("started 2")
        .contains("the database is not there");
    assertThat(deployed.err()).doesNotContain("\tat ");
    assertThat(server.programs()).containsAllEntriesOf(before);
    assertThat(server.tasks("/web").healthy())
        .extracting(Tasks.Task::id)
        .containsAll(before.keySet());

    CommandRun back = server.slipway("rollback", "/web");

    assertThat(back.code()).as(back.out() + back.err()).isZero();
    assertThat(back.lastLine()).startsWith("/web rolled back: 2/2 instances healthy");
    assertThat(server.programs()).isEqualTo(before);
  }

  /// Failures count from the beginning, and two are enough.
  private static Map<String, Object> impatientCheck() {
    return Map.of(
        "protocol",
        "HTTP",
        "path",
        "/",
        "gracePeriodSeconds",
        2,
        "intervalSeconds",
        0.2,
        "timeoutSeconds",
        5,
        "maxConsecutiveFailures",
        2);
  }
}
