package dev.slipway.endtoend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Tasks;
import dev.slipway.engine.kubernetes.testing.Disturbance;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Nodes and the API server vanish and come back, and nodes are closed and opened again. Only on a
/// cluster that a script keeps.
@Order(1)
@ResourceLock(Locks.CLUSTER)
class DisturbanceTest {
  @RegisterExtension static final PodServer SERVER = new PodServer("disturbance");

  private static final int NODES = 3;
  private static final List<List<String>> ONE_A_NODE = List.of(List.of("hostname", "UNIQUE"));

  private List<String> nodes = List.of();

  @BeforeEach
  void needsNodesThatCanBeDisturbed() {
    nodes = SERVER.cluster().nodes(NODES);
    assertThat(SERVER.cluster().script()).isNotNull();
  }

  @Test
  void instancesOnANodeThatIsCutOffAreUnreachableAndRunOnWhenItIsBack() {
    var server = SERVER.get();
    String lost = nodes.get(1);
    server.createAndAwait(
        App.sleeping("/faithful")
            .with("instances", NODES)
            .with("constraints", ONE_A_NODE)
            .with("unreachableStrategy", "disabled"));
    Map<String, PodHistory.Seen> before = SERVER.pods().running("/faithful");
    assertThat(before).hasSize(NODES);

    try (var cut = SERVER.cluster().script().partition(lost)) {
      Eventually.so(
          "the instance is unreachable",
          () -> SERVER.stateOn("/faithful", lost).equals("TASK_UNREACHABLE"));
      // Something else is done meanwhile, so that a replacement had its chance.
      server.createAndAwait(App.sleeping("/other"));
      assertThat(SERVER.pods().nodes("/other").values()).doesNotContain(lost);
      assertThat(server.tasks("/faithful").running()).hasSize(NODES - 1);
      cut.end();
    }

    SERVER.awaitRunning("/faithful", NODES);
    assertThat(SERVER.pods().running("/faithful")).isEqualTo(before);
    assertThat(SERVER.pods().of("/faithful")).hasSize(NODES);
  }

  @Test
  void instancesOfANodeThatDiesAreReplacedAsTheirStrategySays() {
    var server = SERVER.get();
    String dead = nodes.get(2);
    server.createAndAwait(
        App.sleeping("/hasty")
            .with("instances", NODES)
            .with("constraints", List.of(List.of("hostname", "GROUP_BY")))
            .with(
                "unreachableStrategy",
                Map.of("inactiveAfterSeconds", 1, "expungeAfterSeconds", 3)));
    server.createAndAwait(
        App.sleeping("/steady")
            .with("instances", NODES)
            .with("constraints", ONE_A_NODE)
            .with("unreachableStrategy", "disabled"));
    Map<String, PodHistory.Seen> hasty = SERVER.pods().running("/hasty");
    String lost = taskOn(dead, server.tasks("/steady"));

    try (Disturbance death = SERVER.cluster().script().kill(dead)) {
      Eventually.so(
          "the hasty app is whole again without the node",
          () ->
              server.tasks("/hasty").running().stream()
                      .filter(task -> !task.node().equals(dead))
                      .count()
                  == NODES);
      assertThat(server.tasks("/steady").running()).hasSize(NODES - 1);
      assertThat(SERVER.pods().of("/steady")).hasSize(NODES);
      death.end();
    }

    // Back, the node tells that its containers have ended, some time after it is heard again: now
    // the app may have another one.
    SERVER.awaitReplaced("/steady", NODES, lost);
    Eventually.so("as many as wanted run", () -> server.tasks("/hasty").all().size() == NODES);
    assertThat(SERVER.pods().begun("/steady")).hasSize(NODES + 1);
    assertThat(SERVER.pods().begun("/hasty")).hasSize(hasty.size() + 1);
  }

  private static String taskOn(String node, Tasks tasks) {
    return tasks.running().stream()
        .filter(task -> task.node().equals(node))
        .map(Tasks.Task::id)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no task on " + node));
  }

  @Test
  void anApiServerThatStartsAgainFindsAllAsItWasAndIsHeardAgain() {
    var server = SERVER.get();
    server.createAndAwait(App.sleeping("/bystander").with("instances", NODES));
    Map<String, PodHistory.Seen> before = SERVER.pods().running("/bystander");
    var victim = before.values().iterator().next();

    String deployment;
    try (Disturbance silence = SERVER.cluster().script().stopApiServer()) {
      deployment = server.create(App.sleeping("/patient").with("instances", 2));
      assertThat(
              server.client().json("/v2/apps/bystander").path("app").path("tasksRunning").asInt())
          .isEqualTo(NODES);
      silence.end();
    }

    server.awaitSuccess(deployment);
    assertThat(SERVER.pods().running("/patient")).hasSize(2);
    assertThat(SERVER.pods().running("/bystander")).isEqualTo(before);
    // What is watched is heard again.
    SERVER
        .cluster()
        .client()
        .pods()
        .inNamespace(SERVER.namespace())
        .withName(victim.name())
        .delete();
    SERVER.awaitReplaced("/bystander", NODES, victim.task());
  }

  @Test
  void nothingNewComesToANodeThatIsCordonedAndWhatIsThereStays() {
    var server = SERVER.get();
    String cordoned = nodes.getLast();
    App app =
        App.sleeping("/there").with("constraints", List.of(List.of("hostname", "LIKE", cordoned)));
    server.createAndAwait(app);
    var before = SERVER.pods().running("/there");
    nodes().withName(cordoned).edit(node -> unschedulable(node, true));
    try {
      Eventually.holds(
          "the node is closed",
          () ->
              assertThat(server.client().json("/api/v1/nodes").toString())
                  .containsIgnoringCase("cordoned"));
      String deployment = server.change(app.with("instances", 2));
      Eventually.holds(
          "explain tells why it waits",
          () ->
              assertThat(server.slipway("explain", "/there").out())
                  .contains(cordoned)
                  .containsIgnoringCase("cordoned"));
      assertThat(SERVER.pods().running("/there")).isEqualTo(before);
      assertThat(SERVER.pods().of("/there")).hasSize(1);

      nodes().withName(cordoned).edit(node -> unschedulable(node, false));
      server.awaitSuccess(deployment);
      assertThat(SERVER.pods().running("/there")).hasSize(2).containsAllEntriesOf(before);
    } finally {
      nodes().withName(cordoned).edit(node -> unschedulable(node, false));
    }
  }

  private static Node unschedulable(Node node, boolean cordoned) {
    node.getSpec().setUnschedulable(cordoned);
    return node;
  }

  private static NonNamespaceOperation<Node, NodeList, Resource<Node>> nodes() {
    return SERVER.cluster().client().nodes();
  }
}
