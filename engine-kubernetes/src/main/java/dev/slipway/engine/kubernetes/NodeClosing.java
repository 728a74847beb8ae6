package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Why a node takes no new tasks though it runs those that it has, in words for people:
/// `cordoned, disk pressure`.
final class NodeClosing {
  /// A condition, and what is said of a node while it holds.
  private record Trouble(String condition, String text) {}

  private static final List<Trouble> TROUBLES =
      List.of(
          new Trouble("MemoryPressure", "memory pressure"),
          new Trouble("DiskPressure", "disk pressure"),
          new Trouble("PIDPressure", "too many processes"),
          new Trouble("NetworkUnavailable", "network not ready"));

  /// Taints of Kubernetes and its clouds, that say something of the node and nothing of who may use
  /// it.
  private static final List<String> OF_THE_SYSTEM =
      List.of("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/");

  /// What those say by a condition, or by the mark of a cordon, and is told from there.
  private static final Set<String> TOLD_ELSEWHERE =
      Set.of(
          "node.kubernetes.io/not-ready",
          "node.kubernetes.io/unreachable",
          "node.kubernetes.io/unschedulable",
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/network-unavailable");

  /// Autoscalers that are about to take the node away.
  private static final Set<String> ABOUT_TO_GO =
      Set.of(
          "ToBeDeletedByClusterAutoscaler",
          "karpenter.sh/disrupted",
          "karpenter.sh/disruption",
          "aws-node-termination-handler/spot-itn",
          "aws-node-termination-handler/scheduled-maintenance",
          "cloud.google.com/impending-node-termination");

  /// Characters of all reasons together.
  private static final int MOST_REASON = 500;

  private NodeClosing() {}

  static Optional<String> reason(Node node) {
    Set<String> reasons = new TreeSet<>();
    if (node.getSpec() != null) {
      if (Boolean.TRUE.equals(node.getSpec().getUnschedulable())) {
        reasons.add("cordoned");
      }
      node.getSpec().getTaints().stream()
          .filter(taint -> isOfTheSystem(taint) && keepsOff(taint))
          .map(Taint::getKey)
          .filter(key -> !TOLD_ELSEWHERE.contains(key))
          .map(key -> ABOUT_TO_GO.contains(key) ? "about to go: " + key : "taint " + key)
          .forEach(reasons::add);
    }
    List<NodeCondition> conditions =
        node.getStatus() == null ? List.of() : node.getStatus().getConditions();
    for (Trouble trouble : TROUBLES) {
      if (NodeReading.holds(conditions, trouble.condition())) {
        reasons.add(trouble.text());
      }
    }
    String system =
        NodeReading.orEmpty(node.getMetadata().getLabels())
            .getOrDefault("kubernetes.io/os", "linux");
    if (!system.equals("linux")) {
      reasons.add("runs " + system);
    }
    String text = String.join(", ", reasons);
    return Optional.of(text.length() > MOST_REASON ? text.substring(0, MOST_REASON) + "..." : text)
        .filter(reason -> !reason.isEmpty());
  }

  /// Whether it closes the node, instead of keeping it for those who ask for it.
  static boolean isOfTheSystem(Taint taint) {
    return ABOUT_TO_GO.contains(taint.getKey())
        || OF_THE_SYSTEM.stream().anyMatch(taint.getKey()::startsWith);
  }

  /// Whether it does more than to advise.
  static boolean keepsOff(Taint taint) {
    return "NoSchedule".equals(taint.getEffect()) || "NoExecute".equals(taint.getEffect());
  }
}
