package dev.slipway.engine.kubernetes;

import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The nodes of the cluster as they were last told, and which of them have to be told anew.
///
/// What a node says of itself is told at once if it says anything new. What the pods of others take
/// is told at once too, but then not again for a while: each telling is recorded for good, and a
/// busy cluster starts and ends pods all the time. Meanwhile the kubelet refuses what does not fit.
///
/// A node that was heard of is told silent only once it stays so: after an API server was away,
/// Kubernetes calls nodes silent for a moment that it could not hear meanwhile.
///
/// Times are readings of one monotonic clock in nanoseconds. Belongs to one thread, but for the
/// kubelets.
final class NodeBoard {
  private static final Logger log = LoggerFactory.getLogger(NodeBoard.class);

  /// @param held until when what others take stays as it was told
  private record Row(NodeFacts facts, NodeSight told, long held) {}

  private final NodeReading reading;
  private final OtherPods others;
  private final Duration hold;
  private final Duration silence;
  private final Map<NodeId, Row> rows = new TreeMap<>();

  // Nodes of which others take something else than was told.
  private final Set<NodeId> stale = new HashSet<>();
  private final Set<NodeId> cut = new HashSet<>();

  // Nodes that are silent and not yet told so, and since when.
  private final Map<NodeId, Long> quiet = new HashMap<>();

  // Read by the thread that asks them.
  private final Map<NodeId, Kubelet> kubelets = new ConcurrentHashMap<>();

  NodeBoard(NodeReading reading, OtherPods others, KubernetesLimits limits) {
    this.reading = reading;
    this.others = others;
    this.hold = limits.capacityHold();
    this.silence = limits.silencePatience();
  }

  /// A node is there, or changed.
  ///
  /// @return what to tell of it, if it is anything new
  Optional<NodeSight> seen(io.fabric8.kubernetes.api.model.Node node, long now) {
    NodeFacts facts = reading.read(node);
    NodeId id = facts.whole().id();
    warnOnce(id, facts.leftOut());
    Row before = rows.get(id);
    if (before != null && before.facts().equals(facts)) {
      return Optional.empty();
    }
    if (before != null
        && before.told() instanceof NodeSight.Offered
        && facts.silent().isPresent()) {
      rows.put(id, new Row(facts, before.told(), before.held()));
      quiet.putIfAbsent(id, now);
      return Optional.empty();
    }
    return Optional.of(tell(id, facts, now));
  }

  /// A node is there no more.
  ///
  /// @return whether it was there
  boolean gone(NodeId id) {
    stale.remove(id);
    cut.remove(id);
    quiet.remove(id);
    kubelets.remove(id);
    return rows.remove(id) != null;
  }

  /// Others take something else of these nodes now.
  void taken(Collection<NodeId> changed) {
    stale.addAll(changed);
  }

  /// What others take is known of all nodes now: nobody is left with what was told before.
  ///
  /// @return what to tell of nodes of which others take something else than was told
  List<NodeSight> settle(long now) {
    List<NodeSight> told = new ArrayList<>();
    for (NodeId id : List.copyOf(stale)) {
      Row row = rows.get(id);
      if (row != null && !quiet.containsKey(id)) {
        told.add(tell(id, row.facts(), now));
      }
    }
    return told;
  }

  /// What to tell of nodes that stayed silent, and of those of which others take something else and
  /// that were not told of lately.
  List<NodeSight> due(long now) {
    List<NodeSight> due = new ArrayList<>();
    for (var entry : List.copyOf(quiet.entrySet())) {
      Row row = rows.get(entry.getKey());
      if (row != null && now - entry.getValue() >= silence.toNanos()) {
        due.add(tell(entry.getKey(), row.facts(), now));
      }
    }
    for (NodeId id : List.copyOf(stale)) {
      Row row = rows.get(id);
      if (row == null) {
        stale.remove(id);
      } else if (row.held() - now <= 0 && !quiet.containsKey(id)) {
        stale.remove(id);
        if (!row.facts().less(others.on(id)).equals(row.told())) {
          due.add(tell(id, row.facts(), now));
        }
      }
    }
    return due;
  }

  /// All nodes, as they were last told.
  List<NodeSight> all() {
    return rows.values().stream().map(Row::told).toList();
  }

  /// The kubelets of the nodes that are not silent; any thread may ask for them.
  List<Kubelet> kubelets() {
    return List.copyOf(kubelets.values());
  }

  private NodeSight tell(NodeId id, NodeFacts facts, long now) {
    NodeSight sight = facts.less(others.on(id));
    rows.put(id, new Row(facts, sight, now + hold.toNanos()));
    stale.remove(id);
    quiet.remove(id);
    switch (sight) {
      case NodeSight.Offered _ -> kubelets.put(id, facts.kubelet());
      case NodeSight.Silent _ -> kubelets.remove(id);
    }
    return sight;
  }

  private void warnOnce(NodeId id, int leftOut) {
    if (leftOut > 0 && cut.add(id)) {
      log.warn("kubernetes.node.attributes.cut node={} left_out={}", id, leftOut);
    }
  }
}
