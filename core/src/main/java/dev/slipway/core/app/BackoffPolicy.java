package dev.slipway.core.app;

import java.time.Duration;

/// How launches of an app that keeps failing are delayed.
///
/// @param initial the first delay
/// @param factor what it is multiplied by each time
/// @param limit its upper limit
/// @param minimumUptime an instance that ran for at least this long before it failed makes the
/// delay
///     begin anew; 0 lets every failure count alike, as in Marathon
/// @param jitter the part of each delay, from 0 to 1, by which it may be longer, so that apps which
///     failed together do not come back together
public record BackoffPolicy(
    Duration initial, double factor, Duration limit, Duration minimumUptime, double jitter) {
  public static final BackoffPolicy DEFAULT =
      of(Duration.ofSeconds(1), 1.15, Duration.ofSeconds(300));

  public BackoffPolicy {
    if (jitter < 0 || jitter > 1) {
      throw new IllegalArgumentException("jitter lies within 0 to 1");
    }
  }

  /// Marathon's three numbers alone.
  public static BackoffPolicy of(Duration initial, double factor, Duration limit) {
    return new BackoffPolicy(initial, factor, limit, Duration.ZERO, 0);
  }
}
