package dev.slipway.core.app;

import java.time.Duration;

/// What becomes of an instance whose node is not heard of (Marathon's `unreachableStrategy`).
public sealed interface UnreachableStrategy {
  UnreachableStrategy DEFAULT = new Replaced(Duration.ZERO, Duration.ZERO);

  /// It is waited for, for ever: never may two tasks of one slot run.
  record Disabled() implements UnreachableStrategy {}

  /// Another takes its place, and it is given up.
  ///
  /// @param inactiveAfter when another is launched, counted from when the node went silent
  /// @param expungeAfter when it is given up, so that it is ended if its node returns; not before
  ///     `inactiveAfter`
  record Replaced(Duration inactiveAfter, Duration expungeAfter) implements UnreachableStrategy {
    public Replaced {
      if (inactiveAfter.isNegative() || expungeAfter.compareTo(inactiveAfter) < 0) {
        throw new IllegalArgumentException("expunging comes after becoming inactive");
      }
    }
  }
}
