package dev.slipway.core.scheduling;

import java.util.List;

/// How many tasks with each of some requests fit into what is free, without a division for each.
final class Slots {
  /// Where a request takes nothing of a dimension, so many fit, whatever is free.
  private static final double PLENTY = 1L << 52;

  /// Whole numbers come out of the multiplication a little too low now and then.
  private static final double ROUNDING = 1e-9;

  private final int dimensions;

  /// By request, then by dimension.
  private final double[] inverses;

  private final double[] offsets;

  Slots(int dimensions, List<TypicalRequest> requests) {
    this.dimensions = dimensions;
    inverses = new double[requests.size() * dimensions];
    offsets = new double[inverses.length];
    for (int request = 0; request < requests.size(); request++) {
      for (int dimension = 0; dimension < dimensions; dimension++) {
        long amount = requests.get(request).amounts().get(dimension);
        int at = request * dimensions + dimension;
        inverses[at] = amount == 0 ? 0 : 1.0 / amount;
        offsets[at] = amount == 0 ? PLENTY : ROUNDING;
      }
    }
  }

  /// How many tasks of the request fit.
  ///
  /// @param free what is free of each dimension, beginning at the index `at`
  long of(int request, long[] free, int at) {
    int from = request * dimensions;
    double least = PLENTY;
    for (int dimension = 0; dimension < dimensions; dimension++) {
      double fit = free[at + dimension] * inverses[from + dimension] + offsets[from + dimension];
      least = Math.min(least, fit);
    }
    // Where more was taken than there is, nothing fits.
    return (long) Math.max(0, least);
  }
}
