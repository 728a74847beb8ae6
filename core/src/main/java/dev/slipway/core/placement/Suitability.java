package dev.slipway.core.placement;

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
/// with the fewest, since nodes of one address are one machine. Among equals the one that loses the
/// least of its use to what the apps ask for; where one packs about as well as another, the one
/// whose tasks press less on each other, then one where what the tasks need is at hand. By name in
/// the end, so that the same nodes are left over each time.
///
/// @param unmet the weights of the preferences that the node does not meet
/// @param risk how little it suits for its risk to vanish
/// @param packing how tightly it packs, as {@link PackingScores} tell; the least is best
/// @param missing whether what the tasks need has to be brought to the node first
record Suitability(
    int unmet,
    int risk,
    int onNode,
    int onAddress,
    double packing,
    Pressure.Level pressure,
    boolean missing,
    NodeId node)
    implements Comparable<Suitability> {
  /// Steps of packing from one whole number to the next, between which pressure decides.
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
          .thenComparingDouble(Suitability::packing)
          .thenComparing(Suitability::node);

  static Suitability of(
      NodeRecord record, int unmet, Request request, Siblings siblings, double packing) {
    var node = record.node();
    int risk = node.risk().degree();
    return new Suitability(
        unmet,
        request.scheduling().tolerateDisruption() ? -risk : risk,
        siblings.onNode(node),
        siblings.onAddress(node),
        packing,
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

  /// In steps: nodes that are equal in it pack about as tightly.
  private double coarsely() {
    return Math.clamp(Math.floor((packing + 1) * STEPS), 0, 2 * STEPS);
  }
}
