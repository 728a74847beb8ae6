package dev.slipway.core.placement;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import java.util.Comparator;

/// How well a node that fits suits a request; the least is the best.
///
/// What the app asked for comes first: the less weight of preferences a node leaves unmet, the
/// better. Then spread comes before packing: first the node with the fewest instances of the app,
/// then the network address with the fewest, since nodes of one address are one machine. Among
/// equals the fullest one is taken, so that the emptiest stay free for large requests, and by name
/// in the end, so that the same nodes are left over each time.
///
/// @param unmet the weights of the preferences that the node does not meet
/// @param remaining the part, from 0 to 1, that would stay free of what the request takes most of
record Suitability(int unmet, int onNode, int onAddress, double remaining, NodeId node)
    implements Comparable<Suitability> {
  private static final Comparator<Suitability> ORDER =
      Comparator.comparingInt(Suitability::unmet)
          .thenComparingInt(Suitability::onNode)
          .thenComparingInt(Suitability::onAddress)
          .thenComparingDouble(Suitability::remaining)
          .thenComparing(Suitability::node);

  static Suitability of(NodeRecord record, int unmet, Request request, Siblings siblings) {
    var node = record.node();
    return new Suitability(
        unmet,
        siblings.onNode(node),
        siblings.onAddress(node),
        remaining(record, request.taken()),
        node.id());
  }

  @Override
  public int compareTo(Suitability other) {
    return ORDER.compare(this, other);
  }

  /// Judged by the dominant resource alone, the one of which the request takes the largest part
  /// of the node: an empty disk says nothing about a task that computes.
  private static double remaining(NodeRecord record, Resources requested) {
    Resources left = record.free().minus(requested);
    double dominant = 0;
    double remaining = 0;
    for (Dimension dimension : Dimension.values()) {
      double capacity = dimension.of(record.node().capacity());
      double share = capacity > 0 ? dimension.of(requested) / capacity : 0;
      if (share > dominant) {
        dominant = share;
        remaining = dimension.of(left) / capacity;
      }
    }
    return remaining;
  }
}
