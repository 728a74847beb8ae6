package dev.slipway.bench;

import java.util.Arrays;
import java.util.List;

/// What several runs gave.
record Samples(List<Double> values) {
  /// @throws IllegalArgumentException without values
  Samples {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    values = values.stream().sorted().toList();
  }

  static Samples of(double... values) {
    return new Samples(Arrays.stream(values).boxed().toList());
  }

  /// The middle one, or the mean of the two in the middle.
  double median() {
    int half = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(half)
        : (values.get(half - 1) + values.get(half)) / 2;
  }

  /// The smallest value that at least `share` (0 to 1) of all do not exceed.
  double percentile(double share) {
    int rank = (int) Math.ceil(share * values.size());
    return values.get(Math.clamp(rank - 1, 0, values.size() - 1));
  }

  double least() {
    return values.getFirst();
  }

  double most() {
    return values.getLast();
  }
}
