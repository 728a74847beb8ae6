package dev.slipway.artifacts;

import java.time.Duration;

/// How long a download may take, and how often it is tried again.
///
/// @param connect until a connection stands
/// @param stall a download that brings no byte for this long, or fewer than
///     `minimumBytesPerSecond` throughout it, has stalled
/// @param total from the first task's wish to the last byte, with all attempts and waits
/// @param attempts requests for one download, redirects not counted
/// @param firstPause before the second attempt; it doubles from there, with up to half of it random
/// @param longestPause what a pause may grow to, also when the server asks for more by
/// `Retry-After`
public record Patience(
    Duration connect,
    Duration stall,
    int minimumBytesPerSecond,
    Duration total,
    int attempts,
    Duration firstPause,
    Duration longestPause) {
  public static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          128,
          Duration.ofMinutes(30),
          5,
          Duration.ofMillis(500),
          Duration.ofSeconds(20));

  /// What must have come within one stall time.
  long minimumBytesPerStall() {
    return Math.max(1, minimumBytesPerSecond * stall.toMillis() / 1000);
  }

  /// The pause after attempt number `attempt`, which counts from 1.
  ///
  /// @param random from 0 to 1
  Duration pauseAfter(int attempt, double random) {
    long doubled = firstPause.toMillis() << Math.min(attempt - 1, 20);
    long bounded = Math.min(doubled, longestPause.toMillis());
    return Duration.ofMillis(bounded / 2 + (long) (bounded / 2.0 * random));
  }
}
