package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What pods that are not ours take of each node: those of other namespaces, and in ours those
/// without our label. They are never touched, only reckoned with.
///
/// Of each pod only numbers are kept, since a cluster holds many more pods than are ours. Belongs
/// to one thread.
final class OtherPods {
  /// What to ask the API server for: pods that have a node and have not ended. One that ends counts
  /// as deleted for who watches with this.

  static final String FIELDS = "spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed";

  /// What the pods of others take of one node.
  ///
  /// @param requested what they request together
  /// @param pods how many they are
  record Taken(Resources requested, int pods) {
    static final Taken NOTHING = new Taken(Resources.NONE, 0);
  }

  private final String namespace;
  private final Quantities quantities;

  // By node, then by the pods' uid.
  private final Map<NodeId, Map<String, Resources>> nodes = new HashMap<>();

  /// @param namespace where our own pods are
  OtherPods(String namespace, Quantities quantities) {
    this.namespace = namespace;
    this.quantities = quantities;
  }

  /// These are all pods that there are.
  ///
  /// @return the nodes of which others take something else now than before
  Set<NodeId> all(Collection<Pod> pods) {
    Map<NodeId, Map<String, Resources>> before = new HashMap<>(nodes);
    nodes.clear();
    for (Pod pod : pods) {
      seen(pod);
    }
    Set<NodeId> changed = new HashSet<>(before.keySet());
    changed.addAll(nodes.keySet());
    changed.removeIf(node -> taken(before.get(node)).equals(on(node)));
    return changed;
  }

  /// A pod is there, or changed.
  ///
  /// @return its node, if others take something else of it now
  Optional<NodeId> seen(Pod pod) {
    if (!counts(pod)) {
      return removed(pod);
    }
    var node = new NodeId(pod.getSpec().getNodeName());
    Resources requested = PodRequests.of(pod, quantities);
    Resources before =
        nodes
            .computeIfAbsent(node, _ -> new HashMap<>())
            .put(pod.getMetadata().getUid(), requested);
    return requested.equals(before) ? Optional.empty() : Optional.of(node);
  }

  /// A pod is there no more, or ended.
  ///
  /// @return its node, if it took something of it
  Optional<NodeId> removed(Pod pod) {
    if (!hasNode(pod)) {
      return Optional.empty();
    }
    var node = new NodeId(pod.getSpec().getNodeName());
    Map<String, Resources> there = nodes.get(node);
    if (there == null || there.remove(pod.getMetadata().getUid()) == null) {
      return Optional.empty();
    }
    if (there.isEmpty()) {
      nodes.remove(node);
    }
    return Optional.of(node);
  }

  /// What the pods of others take of a node now.
  Taken on(NodeId node) {
    return taken(nodes.get(node));
  }

  private static Taken taken(@org.jspecify.annotations.Nullable Map<String, Resources> pods) {
    return pods == null
        ? Taken.NOTHING
        : new Taken(pods.values().stream().reduce(Resources.NONE, PodRequests::sum), pods.size());
  }

  private boolean counts(Pod pod) {
    return hasNode(pod) && !hasEnded(pod) && !isOurs(pod);
  }

  private static boolean hasNode(Pod pod) {
    return pod.getSpec() != null
        && pod.getSpec().getNodeName() != null
        && !pod.getSpec().getNodeName().isBlank();
  }

  private static boolean hasEnded(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private boolean isOurs(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return namespace.equals(pod.getMetadata().getNamespace())
        && labels != null
        && Names.SLIPWAY.equals(labels.get(Names.MANAGED_BY));
  }
}
