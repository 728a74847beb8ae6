package dev.slipway.bench.packing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// From when to when something takes how much.
///
/// @param from when it comes
/// @param to when it has gone
/// @param sizes how much it takes, of each of several things
record Life(double from, double to, List<Double> sizes) {
  private record Change(double at, int sign, List<Double> sizes) {}

  Life {
    sizes = List.copyOf(sizes);
  }

  boolean lives(double at) {
    return from <= at && at < to;
  }

  /// The first moment at which one of the things is asked for more than any is at another moment.
  /// What ends then has gone before what begins then comes.
  ///
  /// @param notBefore moments before are passed over, since a trace may know only a part of them
  static double busiest(List<Life> lives, double notBefore) {
    List<Change> changes = new ArrayList<>();
    for (Life life : lives) {
      if (life.to() > notBefore) {
        changes.add(new Change(Math.max(life.from(), notBefore), 1, life.sizes()));
        changes.add(new Change(life.to(), -1, life.sizes()));
      }
    }
    changes.sort(Comparator.comparingDouble(Change::at).thenComparingInt(Change::sign));
    double[] now = new double[lives.getFirst().sizes().size()];
    double most = Double.NEGATIVE_INFINITY;
    double found = notBefore;
    for (Change change : changes) {
      for (int i = 0; i < now.length; i++) {
        now[i] += change.sign() * change.sizes().get(i);
        if (now[i] > most) {
          most = now[i];
          found = change.at();
        }
      }
    }
    return found;
  }
}
