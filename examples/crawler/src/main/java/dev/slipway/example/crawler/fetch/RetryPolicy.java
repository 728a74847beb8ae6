package dev.slipway.example.crawler.fetch;

import java.time.Duration;
import java.util.Optional;

/// When a page that failed for a passing reason is tried again: after 1, 2, 4, 8 seconds at most,
/// spread by chance so that many pages do not come back at one moment, and not more often than
/// [#ATTEMPTS] in all.
final class RetryPolicy {
  static final int ATTEMPTS = 5;

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private RetryPolicy() {}

  /// The pause before the next attempt, or nothing if this one was the last.
  ///
  /// @param attempt the attempt that failed, from 1
  /// @param asked the pause that the server asked for, zero if it did not; a longer one than a
  /// minute is cut
  /// @param chance from 0 to 1
  static Optional<Duration> pauseAfter(int attempt, Duration asked, double chance) {
    if (attempt >= ATTEMPTS) {
      return Optional.empty();
    }
    Duration backoff = FIRST.multipliedBy(1L << Math.clamp(attempt - 1, 0, 10));
    Duration spread = Duration.ofMillis((long) (backoff.toMillis() * (0.5 + chance / 2)));
    return Optional.of(min(max(spread, asked), LONGEST));
  }

  private static Duration max(Duration one, Duration other) {
    if (one.compareTo(other) > 0) {
      return one;
    }
    return other;
  }

  private static Duration min(Duration one, Duration other) {
    if (one.compareTo(other) < 0) {
      return one;
    }
    return other;
  }
}
