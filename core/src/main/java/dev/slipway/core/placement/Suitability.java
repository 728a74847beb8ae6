package dev.slipway.core.placement;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import java.util.Comparator;
import java.util.Locale;

/// How well a node that fits suits a request; the least is the best.
///
/// What the app asked for comes first: the less weight of preferences a node leaves unmet, the
/// better. Then nodes whose tasks press on each other as much as can be come last. Then the node
/// that is least likely to vanish; or likeliest, for an app that tolerates it. Then spread comes
/// before packing: first the node with the fewest instances of the app, then the network address
/// with the fewest, since nodes of one address are one machine. Among equals the fullest one is
/// taken, so that the emptiest stay free for large requests; where one packs about as well as
/// another, the one whose tasks press less on each other, then one where what the tasks need is at
/// hand. By name in the end, so that the same nodes are left over each time.
///
/// @param unmet the weights of the preferences that the node does not meet
/// @param risk how little it suits for its risk to vanish
/// @param missing whether what the tasks need has to be brought to the node first
/// @param remaining the part, from 0 to 1, that would stay free of what the request takes most of
record Suitability(
    int unmet,
    int risk,
    int onNode,
    int onAddress,
    double remaining,
    Pressure.Level pressure,
    boolean missing,
    NodeId node)
    implements Comparable<Suitability> {
  /// Steps of the part that would stay free, between which pressure decides.
  private static final int STEPS = 32;

  private static final Comparator<Suitability> ORDER =
      Comparator.comparingInt(Suitability::unmet)
          .thenComparing(Suitability::crowded)
          .thenComparingInt(Suitability::risk)
          .thenComparingInt(Suitability::onNode)
          .thenComparingInt(Suitability::onAddress)
          .thenComparingDouble(Suitability::coarsely)
          .thenComparing(Suitability::pressure)
          .thenComparing(Suitability::missing)
          .thenComparingDouble(Suitability::remaining)
          .thenComparing(Suitability::node);

  static Suitability of(NodeRecord record, int unmet, Request request, Siblings siblings) {
    var node = record.node();
    int risk = node.risk().degree();
    return new Suitability(
        unmet,
        request.scheduling().tolerateDisruption() ? -risk : risk,
        siblings.onNode(node),
        siblings.onAddress(node),
        remaining(record, request.taken()),
        record.pressure().level(),
        request.supply().isPresent() && !record.supplies().holds(request.supply().getAsLong()),
        node.id());
  }

  /// What else is told of a node that fits, for people: its risk and its pressure, where it has
  /// any.
  static String reservations(NodeRecord record) {
    DisruptionRisk risk = record.node().risk();
    Pressure pressure = record.pressure();
    return (risk == DisruptionRisk.NONE ? "" : "; risk of disruption " + word(risk))
        + (pressure.level() == Pressure.Level.NONE
            ? ""
            : "; pressure %s: %s".formatted(word(pressure.level()), pressure.cause()));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(Suitability other) {
    return ORDER.compare(this, other);
  }

  /// As much pressure as can be: there it goes only where nothing else takes it.
  private boolean crowded() {
    return pressure == Pressure.Level.HIGH;
  }

  /// What would stay free in steps: nodes that are equal in it pack about as tightly.
  private double coarsely() {
    return Math.floor(remaining * STEPS);
  }

  /// Judged by the dominant resource alone, the one of which the request takes the largest part
  /// of the node: an empty disk says nothing about a task that computes.
  private static double remaining(NodeRecord record, Resources requested) {
    Resources left = record.free().minus(requested);
    double dominant = 0;
    double remaining = 0;
    for (Dimension dimension : Dimension.values()) {
      double capacity = dimension.of(record.offered());
      double share = capacity > 0 ? dimension.of(requested) / capacity : 0;
      if (share > dominant) {
        dominant = share;
        remaining = dimension.of(left) / capacity;
      }
    }
    return remaining;
  }
}
