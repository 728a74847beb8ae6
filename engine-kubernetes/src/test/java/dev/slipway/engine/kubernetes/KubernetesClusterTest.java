package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kubernetes.testing.KubernetesCluster;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The cluster that the other tests stand on.
class KubernetesClusterTest {
  @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("cluster");

  @Test
  void aPodThatIsPlacedByItsNodeNameRunsThere() {
    KubernetesCluster cluster = NAMESPACE.cluster();
    String node = cluster.nodes(1).getFirst();
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("hello")
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .withRestartPolicy("Never")
            .withAutomountServiceAccountToken(false)
            .addNewContainer()
            .withName("task")
            .withImage(cluster.image())
            .withCommand("echo", "hello")
            .endContainer()
            .endSpec()
            .build();
    var pods = cluster.client().pods().inNamespace(NAMESPACE.name());
    pods.resource(pod).create();
    pods.withName("hello")
        .waitUntilCondition(
            p -> p != null && List.of("Succeeded", "Failed").contains(p.getStatus().getPhase()),
            60,
            TimeUnit.SECONDS);
    assertThat(pods.withName("hello").getLog()).isEqualTo("hello\n");
    assertThat(pods.withName("hello").get().getStatus().getHostIP())
        .isEqualTo(cluster.address(node));
    assertThat(cluster.addressOfThisMachine()).doesNotStartWith("127.").isNotEqualTo("0.0.0.0");
  }
}
