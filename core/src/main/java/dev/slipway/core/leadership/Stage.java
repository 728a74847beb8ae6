package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.Optional;

/// Where a candidacy stands.
sealed interface Stage {

  /// Another server leads, or nobody.
  ///
  /// @param lookAt when to look at the lease next
  /// @param paused no look starts before, whatever is told
  /// @param takeAt when to take it, should it still be free then
  /// @param rested the lease is not taken before
  record Standby(Duration lookAt, Duration paused, Optional<Duration> takeAt, Duration rested)
      implements Stage {
    Standby looking(Duration next) {
      return new Standby(next, paused, takeAt, rested);
    }

    Standby asked(Duration next, Duration pausing) {
      return new Standby(next, pausing, takeAt, rested);
    }

    Standby held(Duration next) {
      return new Standby(next, paused, Optional.empty(), rested);
    }

    Standby taking(Duration next, Duration take) {
      return new Standby(next, paused, Optional.of(take), rested);
    }
  }

  /// The lease is being taken.
  record Taking() implements Stage {}

  record Leading(Term term) implements Stage {}

  /// The parts of the term come to their end.
  ///
  /// @param release whether the lease is given back then
  /// @param rested when to stand again
  record Ending(Epoch epoch, boolean release, Duration rested) implements Stage {}

  /// The lease is being given back, or about to be.
  record Releasing(Epoch epoch, Duration rested) implements Stage {}

  record Stopped() implements Stage {}
}
