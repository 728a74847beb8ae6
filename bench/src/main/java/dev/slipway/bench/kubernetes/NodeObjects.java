package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// Nodes that are nothing but objects of the API: ready, and nobody behind them.
public final class NodeObjects {
  /// As kubelets have it when nobody sets it.
  private static final String MOST_PODS = "110";

  private static final int ZONES = 3;

  private NodeObjects() {}

  /// Makes them, each of 64 cores and 256 GiB, spread over three zones.
  public static void create(KubernetesClient client, int count) throws InterruptedException {
    Concurrently.run(count, index -> client.nodes().resource(node(index)).create());
  }

  static String name(int index) {
    return "node-%05d".formatted(index);
  }

  static Node node(int index) {
    String name = name(index);
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Map<String, Quantity> capacity =
        Map.of(
            "cpu", new Quantity("64"),
            "memory", new Quantity("256Gi"),
            "ephemeral-storage", new Quantity("1000Gi"),
            "pods", new Quantity(MOST_PODS));
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("kubernetes.io/hostname", name)
        .addToLabels("kubernetes.io/os", "linux")
        .addToLabels("kubernetes.io/arch", "amd64")
        .addToLabels("topology.kubernetes.io/zone", "zone-" + index % ZONES)
        .endMetadata()
        .withNewStatus()
        .withCapacity(capacity)
        .withAllocatable(capacity)
        .addNewAddress(
            "10.%d.%d.%d".formatted(100 + (index >> 16), (index >> 8) & 255, index & 255),
            "InternalIP")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withReason("KubeletReady")
        .withMessage("an object of a benchmark")
        .withLastHeartbeatTime(now)
        .withLastTransitionTime(now)
        .endCondition()
        .endStatus()
        .build();
  }
}
