package dev.slipway.core.control;

import java.time.Instant;
import java.util.Optional;

/// Moments at which to look again.
final class Times {
  private Times() {}

  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /// The earlier of two, where there are two.
  static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().isBefore(other.get()) ? one : other;
  }
}
