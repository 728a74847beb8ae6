package dev.slipway.endtoend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Visitor;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Apps as pods on three nodes.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
class PodsTest {
  @RegisterExtension static final PodServer SERVER = new PodServer("pods");

  private static final int INSTANCES = 4;
  private static final double MINIMUM = 0.75;
  private static final int MANY = 60;

  private static App version(String version) {
    return PodServer.web("/web", version)
        .with("instances", INSTANCES)
        .with(
            "upgradeStrategy",
            Map.of("minimumHealthCapacity", MINIMUM, "maximumOverCapacity", 0.25));
  }

  @Test
  void aRollingUpdateUnderLoadLeavesNoRequestUnanswered() {
    var server = SERVER.get();
    server.createAndAwait(version("1"));
    try (Visitor visitor = Visitor.of(server.client(), "/web", SERVER::address)) {
      server.awaitSuccess(server.change(version("2")));
      visitor.awaitAnswer("2");

      assertThat(visitor.failures()).isEmpty();
      assertThat(visitor.answers()).containsOnlyKeys("1", "2");
      assertThat(visitor.fewestHealthy()).isGreaterThanOrEqualTo((int) (INSTANCES * MINIMUM));
      assertThat(visitor.mostRunning()).isLessThanOrEqualTo(INSTANCES + 1);
    }
    assertThat(SERVER.pods().begun("/web")).hasSize(2 * INSTANCES);
  }

  @Test
  void sixtyInstancesComeAndStandOnAllNodes() {
    var server = SERVER.get();
    server.createAndAwait(App.sleeping("/many").with("instances", 1));
    Set<String> first = server.tasks("/many").ids();

    assertThat(server.slipway("scale", "/many=" + MANY).code()).isZero();

    assertThat(server.tasks("/many").running()).hasSize(MANY);
    assertThat(server.tasks("/many").ids()).containsAll(first);
    Eventually.so("all pods run", () -> SERVER.pods().running("/many").size() == MANY);
    assertThat(SERVER.pods().of("/many")).hasSize(MANY);
    assertThat(SERVER.pods().nodes("/many").values()).containsAll(SERVER.cluster().nodes());

    assertThat(server.slipway("scale", "/many=2").code()).isZero();
    Eventually.so("two pods run", () -> SERVER.pods().running("/many").size() == 2);
    assertThat(SERVER.pods().of("/many")).hasSize(MANY);
  }

  @Test
  void anImageThatIsMissingIsTheReasonThatIsTold() {
    var server = SERVER.get();
    String image = "localhost/absent:1";
    server.create(
        App.sleeping("/imageless")
            .with("container", Map.of("type", "DOCKER", "docker", Map.of("image", image))));

    Eventually.holds(
        "the failure is told",
        () ->
            assertThat(SERVER.lastFailure("/imageless"))
                .contains(image)
                .containsIgnoringCase("pull"));
    assertThat(SERVER.pods().begun("/imageless")).isEmpty();
  }

  @Test
  void aPodThatSomebodyDeletesIsReplacedAndTheReasonIsTold() {
    var server = SERVER.get();
    server.createAndAwait(App.sleeping("/wanted").with("instances", 2));
    var before = SERVER.pods().running("/wanted");
    var victim = before.values().iterator().next();

    client().pods().inNamespace(SERVER.namespace()).withName(victim.name()).delete();

    SERVER.awaitReplaced("/wanted", 2, victim.task());
    var after = SERVER.pods().running("/wanted");
    assertThat(after).doesNotContainKey(victim.task());
    before.remove(victim.task());
    assertThat(after).containsAllEntriesOf(before);
    assertThat(SERVER.pods().of("/wanted")).hasSize(3);
    assertThat(server.log().lines().filter(line -> line.contains("somebody else deleted its pod")))
        .singleElement()
        .asString()
        .contains(victim.task().substring(0, victim.task().indexOf("._app")));
  }

  private static KubernetesClient client() {
    return SERVER.cluster().client();
  }
}
