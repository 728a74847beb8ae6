package dev.slipway.core.app;

import java.time.Duration;

/// How launches of an app that keeps failing are delayed: the first delay, what it is multiplied by
/// each time, and its upper limit.
public record BackoffPolicy(Duration initial, double factor, Duration limit) {
  public static final BackoffPolicy DEFAULT =
      new BackoffPolicy(Duration.ofSeconds(1), 1.15, Duration.ofSeconds(300));
}
