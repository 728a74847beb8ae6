package dev.slipway.core.placement;

import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import java.util.Comparator;

/// How well a node that fits suits a request; the least is the best.
///
/// What the app asked for comes first: the less weight of preferences a node leaves unmet, the
/// better. Then the node that is least likely to vanish; or likeliest, for an app that tolerates
/// it. Then spread comes before packing: first the node with the fewest instances of the app, then
/// the network address with the fewest, since nodes of one address are one machine. Among equals
/// the fullest one is taken, so that the emptiest stay free for large requests; where one packs
/// about as well as another, the one whose tasks press less on each other. By name in the end, so
/// that the same nodes are left over each time.
///
/// @param unmet the weights of the preferences that the node does not meet
/// @param risk how little it suits for its risk to vanish
/// @param packing how tightly it packs, as {@link PackingScores} tell; the least is best
record Suitability(
    int unmet,
    int risk,
    int onNode,
    int onAddress,
    double packing,
    Pressure.Level pressure,
    NodeId node)
    implements Comparable<Suitability> {
  /// Steps of packing from one whole number to the next, between which pressure decides.
  private static final int STEPS = 32;

  private static final Comparator<Suitability> ORDER =
      Comparator.comparingInt(Suitability::unmet)
          .thenComparingInt(Suitability::risk)
          .thenComparingInt(Suitability::onNode)
          .thenComparingInt(Suitability::onAddress)
          .thenComparingDouble(Suitability::coarsely)
          .thenComparing(Suitability::pressure)
          .thenComparingDouble(Suitability::packing)
          .thenComparing(Suitability::node);

  static Suitability of(
      NodeRecord record, int unmet, Request request, Siblings siblings, double packing) {
    var node = record.node();
    int risk = node.risk().ordinal();
    return new Suitability(
        unmet,
        request.scheduling().tolerateDisruption() ? -risk : risk,
        siblings.onNode(node),
        siblings.onAddress(node),
        packing,
        record.pressure().level(),
        node.id());
  }

  @Override
  public int compareTo(Suitability other) {
    return ORDER.compare(this, other);
  }

  /// In steps: nodes that are equal in it pack about as tightly.
  private double coarsely() {
    return Math.clamp(Math.floor((packing + 1) * STEPS), 0, 2 * STEPS);
  }
}
