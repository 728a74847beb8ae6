package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import dev.slipway.endtoend.harness.Tasks;
import dev.slipway.endtoend.harness.Visitor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A machine offered as three nodes, one of which is emptied.
class DrainTest {
  @RegisterExtension
  static final SharedServer SHARED =
      new SharedServer("drain", "--nodes", "3", "--attribute", "rack=a");

  private final RunningServer server = SHARED.get();

  @Test
  void instancesMoveAwayFromANodeThatIsDrainedAndEnoughStayHealthy() {
    App app =
        App.web("/web", "1")
            .with("instances", 3)
            .with("env", Map.of("VERSION", "1", "LINGER", "1000"))
            .with("constraints", List.of(List.of("hostname", "GROUP_BY")));
    server.createAndAwait(app);
    assertThat(server.tasks("/web").healthy())
        .extracting(Tasks.Task::node)
        .containsExactlyInAnyOrder("node-1", "node-2", "node-3");

    try (Visitor visitor = Visitor.of(server.client(), "/web")) {
      CommandRun drained = server.slipway("drain", "node-2");

      assertThat(drained.code()).as(drained.out() + drained.err()).isZero();
      assertThat(drained.lastLine()).startsWith("node-2 is empty");
      Eventually.so("three are healthy", () -> server.tasks("/web").healthy().size() == 3);
      assertThat(visitor.failures()).isEmpty();
      assertThat(visitor.fewestHealthy()).isEqualTo(3);
    }
    assertThat(server.tasks("/web").all())
        .extracting(Tasks.Task::node)
        .containsOnly("node-1", "node-3");
    assertThat(state("node-2")).isEqualTo("draining");

    assertThat(server.slipway("drain", "node-2", "--undo").code()).isZero();
    assertThat(state("node-2")).isEqualTo("ready");
    assertThat(server.slipway("scale", "/web=4").code()).isZero();
    assertThat(server.tasks("/web").healthy()).extracting(Tasks.Task::node).contains("node-2");
    assertThat(server.slipway("drain", "node-9").code()).isEqualTo(3);
  }

  private String state(String node) {
    for (var known : server.client().json("/api/v1/nodes").path("nodes")) {
      if (known.path("id").asString().equals(node)) {
        return known.path("state").asString();
      }
    }
    throw new AssertionError(node + " is not known");
  }
}
