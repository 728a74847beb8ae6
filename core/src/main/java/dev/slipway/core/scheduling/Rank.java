package dev.slipway.core.scheduling;

/// The order of what matters about a node that fits, as one number, of which the least is best:
/// what the app required to be level, what it prefers, how much the node is to be relied upon, and
/// how many of the app's tasks stand there. How tightly it packs is decided among equals.
final class Rank {
  static final int MOST_RISK = 255;

  private static final int MOST_LEVEL = (1 << 14) - 1;
  private static final int MOST_SIBLINGS = (1 << 10) - 1;
  private static final int ON_NODE = 10;
  private static final int RISK = 20;
  private static final int UNMET = RISK + 8;
  private static final int LEVEL = UNMET + 20;

  private Rank() {}

  /// What a shape makes of a node.
  static long of(int unmet, int risk) {
    return ((long) Math.min(unmet, Shape.MOST_UNMET) << UNMET) | ((long) risk << RISK);
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
        | Math.min(atAddress, MOST_SIBLINGS);
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
