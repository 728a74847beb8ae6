package dev.slipway.core.rebalancing;

import dev.slipway.core.app.Resources;
import dev.slipway.core.placement.Strain;
import java.util.List;

/// What could be moved, what it would bring and what it would cost.
///
/// @param moves in the order in which they are to be made; none where nothing pays
/// @param nodesFreed how many nodes have no instance afterwards but those of daemons
/// @param freed which part of what all ready nodes offer that is
/// @param mended what is less wrong afterwards
/// @param moved what the moved instances have of their nodes
/// @param cut whether more could be found by looking on
/// @param summary for people, also where there is nothing to do
public record Plan(
    List<Move> moves,
    int nodesFreed,
    double freed,
    Strain mended,
    Resources moved,
    boolean cut,
    String summary) {
  /// Moves of one plan.
  public static final int MOST_MOVES = 500;

  /// Nodes that one plan tries to empty.
  public static final int MOST_NODES = 500;

  /// Places that are looked for in making one plan.
  public static final int MOST_TRIALS = 5_000;

  /// Instances of one plan of which is found out whether a rule would be mended without them.
  public static final int MOST_LOOKS = 100_000;

  public Plan {
    moves = List.copyOf(moves);
  }

  public boolean isEmpty() {
    return moves.isEmpty();
  }
}
