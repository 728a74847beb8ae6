package dev.slipway.core.app;

/// A constraint that is kept where it can be: the more of them by weight a node meets, the rather
/// it is chosen.
///
/// @param weight from 1 to {@link #MOST_WEIGHT}
public record Preference(Constraint constraint, int weight) {
  public static final int MOST_WEIGHT = 100;

  public Preference {
    if (weight < 1 || weight > MOST_WEIGHT) {
      throw new IllegalArgumentException("a weight lies within 1 to " + MOST_WEIGHT);
    }
  }
}
