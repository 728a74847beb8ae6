package dev.slipway.engine.kubernetes;

import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.DaemonEndpoint;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeDaemonEndpoints;
import io.fabric8.kubernetes.api.model.NodeStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/// Reads what Kubernetes says of a node. Pure.
///
/// | Kubernetes | the platform |
/// |---|---|
/// | allocatable | capacity, before the pods of others |
/// | labels | attributes, by their full names; the topology's zone and region also as `@zone`,
/// `@region` |
/// | taints NoSchedule, NoExecute | attribute key=value, dedicated to those who ask for it |
/// | cordon, pressure, network not ready, taints of Kubernetes' own | closed, with the reason |
/// | Ready not True | silent, with the reason |
/// | marks of clouds that a machine may be taken back | a high disruption risk |
final class NodeReading {
  private static final String READY = "Ready";
  private static final String TRUE = "True";

  /// Characters of what a condition says.
  private static final int MOST_REASON = 300;

  private final KubernetesSettings settings;
  private final Quantities quantities;
  private final TreeSet<NodeFeature> features;

  NodeReading(KubernetesSettings settings) {
    this.settings = settings;
    this.quantities = new Quantities(settings.offer().gpuResource());
    this.features = new TreeSet<>(features(settings));
  }

  NodeFacts read(io.fabric8.kubernetes.api.model.Node node) {
    NodeStatus status = node.getStatus() == null ? new NodeStatus() : node.getStatus();
    var marks = NodeMarks.of(node);
    String name = node.getMetadata().getName();
    var whole =
        new Node(
            new NodeId(name),
            marks.labels().getOrDefault("kubernetes.io/hostname", name),
            address(status).orElse(name),
            quantities.offered(status.getAllocatable()),
            settings.offer().dynamicPorts(),
            settings.offer().fixedPorts(),
            marks.attributes(),
            features,
            marks.dedicated(),
            marks.risk(),
            NodeClosing.reason(node),
            OptionalInt.empty());
    return new NodeFacts(
        whole,
        Quantities.pods(status.getAllocatable()),
        new Kubelet(whole.id(), whole.address(), kubeletPort(status)),
        silence(status),
        marks.leftOut());
  }

  /// What the kubelet of any node can do. A GPU is always given to one task as a whole, and volumes
  /// of storage systems are attached through storage classes alone.
  private static EnumSet<NodeFeature> features(KubernetesSettings settings) {
    EnumSet<NodeFeature> features =
        EnumSet.of(
            NodeFeature.IMAGES,
            NodeFeature.BRIDGE_NETWORK,
            NodeFeature.CONTAINER_NETWORK,
            NodeFeature.TERMINALS);
    if (settings.storageClass().isPresent()) {
      features.add(NodeFeature.PERSISTENT_VOLUMES);
    }
    if (settings.allowed().privileged()) {
      features.add(NodeFeature.PRIVILEGE);
    }
    if (!settings.allowed().paths().isEmpty()) {
      features.add(NodeFeature.HOST_VOLUMES);
    }
    return features;
  }

  private static Optional<String> address(NodeStatus status) {
    return status.getAddresses().stream()
        .filter(address -> "InternalIP".equals(address.getType()))
        .map(NodeAddress::getAddress)
        .findFirst();
  }

  private static int kubeletPort(NodeStatus status) {
    return Optional.ofNullable(status.getDaemonEndpoints())
        .map(NodeDaemonEndpoints::getKubeletEndpoint)
        .map(DaemonEndpoint::getPort)
        .filter(port -> port > 0)
        .orElse(Kubelet.USUAL_PORT);
  }

  private static Optional<String> silence(NodeStatus status) {
    for (NodeCondition condition : status.getConditions()) {
      if (READY.equals(condition.getType())) {
        return TRUE.equals(condition.getStatus()) ? Optional.empty() : Optional.of(text(condition));
      }
    }
    return Optional.of("its kubelet never said that it is ready");
  }

  private static String text(NodeCondition condition) {
    String reason = Optional.ofNullable(condition.getReason()).orElse("NotReady");
    String message = Optional.ofNullable(condition.getMessage()).orElse("");
    String text = (message.isBlank() ? reason : reason + ": " + message).replaceAll("\\s+", " ");
    return text.length() > MOST_REASON ? text.substring(0, MOST_REASON) + "..." : text;
  }

  /// Whether a condition of the node is known to hold.
  static boolean holds(List<NodeCondition> conditions, String type) {
    return conditions.stream()
        .anyMatch(
            condition -> type.equals(condition.getType()) && TRUE.equals(condition.getStatus()));
  }

  static Map<String, String> orEmpty(@org.jspecify.annotations.Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
