package dev.slipway.engine.kubernetes;

import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
/// Times are readings of one monotonic clock in nanoseconds. Belongs to one thread, but for the
/// kubelets.
final class NodeBoard {
  private static final Logger log = LoggerFactory.getLogger(NodeBoard.class);

  /// @param held until when what others take stays as it was told
  private record Row(NodeFacts facts, NodeSight told, long held) {}

  private final NodeReading reading;
  private final OtherPods others;
  private final Duration hold;
  private final Map<NodeId, Row> rows = new TreeMap<>();

  // Nodes of which others take something else than was told.
  private final Set<NodeId> stale = new HashSet<>();
  private final Set<NodeId> cut = new HashSet<>();

  // Read by the thread that asks them.
  private final Map<NodeId, Kubelet> kubelets = new ConcurrentHashMap<>();

  NodeBoard(NodeReading reading, OtherPods others, Duration hold) {
    this.reading = reading;
    this.others = others;
    this.hold = hold;
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
    return Optional.of(tell(id, facts, now));
  }

  /// A node is there no more.
  ///
  /// @return whether it was there
  boolean gone(NodeId id) {
    stale.remove(id);
    cut.remove(id);
    kubelets.remove(id);
    return rows.remove(id) != null;
  }

  /// Others take something else of these nodes now.
  void taken(Collection<NodeId> changed) {
    stale.addAll(changed);
  }

  /// What to tell of nodes of which others take something else, and that were not told of lately.
  List<NodeSight> due(long now) {
    List<NodeSight> due = new ArrayList<>();
    for (NodeId id : List.copyOf(stale)) {
      Row row = rows.get(id);
      if (row == null) {
        stale.remove(id);
      } else if (row.held() - now <= 0) {
        stale.remove(id);
        if (!row.facts().less(others.on(id)).equals(row.told())) {
          due.add(tell(id, row.facts(), now));
        }
      }
    }
    return due;
  }

  /// In how many nanoseconds [#due] has something to tell; nothing where none waits.
  OptionalLong patience(long now) {
    return stale.stream()
        .map(rows::get)
        .filter(java.util.Objects::nonNull)
        .mapToLong(row -> Math.max(0, row.held() - now))
        .min();
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
