package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What pods that are not ours take of each node: those of other namespaces, and in ours those
/// without our label. They are never touched, only reckoned with.
///
/// Of each pod only numbers are kept, since a cluster holds many more pods than are ours. Belongs
/// to one thread.
final class OtherPods {
  /// Where pods are; each part is watched by itself, so that none of ours is heard of twice.
  enum Part {
    /// Where ours are, too.
    OUR_NAMESPACE,
    OTHER_NAMESPACES
  }

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
  private final Map<Part, Map<NodeId, Map<String, Resources>>> parts = new EnumMap<>(Part.class);

  /// @param namespace where our own pods are
  OtherPods(String namespace, Quantities quantities) {
    this.namespace = namespace;
    this.quantities = quantities;
    for (Part part : Part.values()) {
      parts.put(part, new HashMap<>());
    }
  }

  /// What to ask the API server for in other namespaces: pods that have a node and have not ended.
  /// One that ends counts as deleted for who watches with this.
  String fields() {
    return "spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed,metadata.namespace!="
        + namespace;
  }

  /// These are all pods that there are in a part.
  ///
  /// @return the nodes of which others take something else now than before
  Set<NodeId> all(Part part, Collection<Pod> pods) {
    Map<NodeId, Map<String, Resources>> nodes = in(part);
    Map<NodeId, Map<String, Resources>> before = new HashMap<>(nodes);
    nodes.clear();
    for (Pod pod : pods) {
      seen(pod);
    }
    Set<NodeId> changed = new HashSet<>(before.keySet());
    changed.addAll(nodes.keySet());
    changed.removeIf(node -> taken(before.get(node)).equals(taken(nodes.get(node))));
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
        in(part(pod))
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
    Map<NodeId, Map<String, Resources>> nodes = in(part(pod));
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
    Taken here = taken(in(Part.OUR_NAMESPACE).get(node));
    Taken elsewhere = taken(in(Part.OTHER_NAMESPACES).get(node));
    return new Taken(
        PodRequests.sum(here.requested(), elsewhere.requested()), here.pods() + elsewhere.pods());
  }

  private Map<NodeId, Map<String, Resources>> in(Part part) {
    return Objects.requireNonNull(parts.get(part));
  }

  private Part part(Pod pod) {
    return namespace.equals(pod.getMetadata().getNamespace())
        ? Part.OUR_NAMESPACE
        : Part.OTHER_NAMESPACES;
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

  /// Whether it is one of this platform's own.
  boolean isOurs(Pod pod) {
    return part(pod) == Part.OUR_NAMESPACE && Names.isOurs(pod);
  }
}
