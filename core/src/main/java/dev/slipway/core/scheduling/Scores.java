package dev.slipway.core.scheduling;

import java.util.Arrays;

/// How well a demand would sit on each node, worked out when it is first asked for after the node
/// has changed, and then kept: no state of a node is scored twice.
final class Scores {
  /// Of a node without room.
  static final double UNFIT = Double.NaN;

  private final NodeTable table;
  private final Packing packing;
  private final Shape shape;
  private final int[] seen;
  private final double[] scores;

  /// @param shape any one of the demand
  Scores(NodeTable table, Packing packing, Shape shape) {
    this.table = table;
    this.packing = packing;
    this.shape = shape;
    seen = new int[table.size];
    Arrays.fill(seen, -1);
    scores = new double[table.size];
  }

  /// The score, of which the least is best; {@link #UNFIT} where there is no room.
  double of(int node) {
    int version = table.versions[node];
    if (seen[node] != version) {
      seen[node] = version;
      scores[node] = shape.demand.fits(table, node) ? packing.score(table, node, shape) : UNFIT;
    }
    return scores[node];
  }
}
