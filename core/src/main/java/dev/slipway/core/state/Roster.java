package dev.slipway.core.state;

import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.node.NodeId;

/// On which nodes a daemon stands and should stand, kept as nodes and instances change, so that the
/// usual question, whether all is as it should be, costs the same however many nodes there are.
///
/// @param posts the nodes that should have an instance: all that admit the app and are ready, and
///     of the others those that have one and keep it
/// @param open those of them on which no instance stands, not even one on its way out
/// @param surplus nodes on which more stand than should, and of which something is heard
public record Roster(
    PersistentMap<NodeId, Boolean> posts,
    PersistentMap<NodeId, Boolean> open,
    PersistentMap<NodeId, Boolean> surplus) {
  public static final Roster NONE =
      new Roster(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());

  /// Whether an instance stands wherever one should, and nowhere else.
  public boolean isFilled() {
    return open.isEmpty() && surplus.isEmpty();
  }

  Roster with(NodeId node, boolean post, boolean isOpen, boolean isSurplus) {
    if (posts.containsKey(node) == post
        && open.containsKey(node) == isOpen
        && surplus.containsKey(node) == isSurplus) {
      return this;
    }
    return new Roster(
        with(posts, node, post), with(open, node, isOpen), with(surplus, node, isSurplus));
  }

  private static PersistentMap<NodeId, Boolean> with(
      PersistentMap<NodeId, Boolean> nodes, NodeId node, boolean member) {
    if (nodes.containsKey(node) == member) {
      return nodes;
    }
    return member ? nodes.put(node, true) : nodes.remove(node);
  }
}
