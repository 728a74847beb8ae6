package dev.slipway.core.scheduling;

/// The order of what matters about a node that fits, as one number, of which the least is best.
///
/// From the most to the least: what the app required to be level, what it prefers, whether the
/// node's tasks press on each other as much as can be, how likely the node is to vanish, how many
/// of the app's tasks stand there and at its address, how tightly it packs in coarse steps, how
/// much its tasks press on each other at all, and whether what the task needs is at hand. How
/// tightly it packs exactly is decided among equals.
final class Rank {
  /// The highest risk of a node, and the highest pressure.
  static final int MOST_RISK = 3;

  static final int MOST_PRESSURE = 3;

  /// Coarse steps of packing from one whole number to the next.
  static final int STEPS = 32;

  private static final int MOST_LEVEL = (1 << 12) - 1;
  private static final int MOST_SIBLINGS = (1 << 9) - 1;

  /// What the task needs has to be brought first.
  private static final long MISSING = 1;

  private static final int PRESSURE = 1;
  private static final int PACKING = PRESSURE + 2;
  private static final int AT_ADDRESS = PACKING + 7;
  private static final int ON_NODE = AT_ADDRESS + 9;
  private static final int RISK = ON_NODE + 9;
  private static final int CROWDED = RISK + 2;
  private static final int UNMET = CROWDED + 1;
  private static final int LEVEL = UNMET + 20;

  private Rank() {}

  /// What a shape makes of a node.
  ///
  /// @param packing the score, of which the least is best; told apart from -1 to 1
  static long of(int unmet, int risk, double packing, int pressure) {
    return ((long) Math.min(unmet, Shape.MOST_UNMET) << UNMET)
        | (pressure == MOST_PRESSURE ? 1L << CROWDED : 0)
        | ((long) risk << RISK)
        | ((long) coarse(packing) << PACKING)
        | ((long) pressure << PRESSURE);
  }

  /// The score in coarse steps, from 0 on. Nodes that are equal in it pack about as tightly, so
  /// that other things may decide between them.
  static int coarse(double packing) {
    return (int) Math.max(0, Math.min(2 * STEPS, Math.floor((packing + 1) * STEPS)));
  }

  /// With what stands there.
  ///
  /// @param level tasks on the node that a rule wants to be as few as on others
  /// @param unmet weights of more preferences that the node does not meet
  /// @param onNode how many shares of the app the node has
  /// @param atAddress how many shares of the app the node's address has
  static long with(long bare, int level, int unmet, int onNode, int atAddress) {
    return plusUnmet(bare, unmet)
        | ((long) Math.min(level, MOST_LEVEL) << LEVEL)
        | ((long) Math.min(onNode, MOST_SIBLINGS) << ON_NODE)
        | ((long) Math.min(atAddress, MOST_SIBLINGS) << AT_ADDRESS);
  }

  /// The rank of a node where what the task needs is not at hand.
  static long withMissing(long rank) {
    return rank | MISSING;
  }

  /// What matters more than how many of the app's tasks stand there.
  static long beforeSiblings(long rank) {
    return rank >>> RISK;
  }

  /// The level that the rank was made of.
  static int level(long rank) {
    return (int) (rank >>> LEVEL);
  }

  /// The rank with so much more weight of preferences not met.
  static long plusUnmet(long rank, int unmet) {
    return rank + ((long) unmet << UNMET);
  }
}
