package dev.slipway.core.leadership;

import java.time.Duration;
import java.util.Optional;

/// What a server knows of the lease, by its own clock.
///
/// @param lease empty when nobody ever took one
/// @param since when an answer first showed it like this
/// @param confirmed the start of the last look that still did
record Sighting(Optional<Lease> lease, Duration since, Duration confirmed) {

  static Sighting first(Optional<Lease> lease, Duration asked, Duration now) {
    return new Sighting(lease, now, asked);
  }

  /// After another look.
  ///
  /// @param asked when it started: what it shows was so then or later
  Sighting then(Optional<Lease> shown, Duration asked, Duration now) {
    boolean same = lease.isPresent() && shown.isPresent() && lease.get().unchanged(shown.get());
    return same ? new Sighting(shown, since, asked) : first(shown, asked, now);
  }

  /// When nobody may count on it any more. The holder renewed it before {@link #since}.
  Duration over() {
    return lease.map(held -> since.plus(held.length())).orElse(since);
  }

  /// Whether its holder gave it back.
  boolean givenBack() {
    return lease.filter(Lease::released).isPresent();
  }

  /// Whether it may be taken: there is none, it was given back, it is left from a term of the asker
  /// itself, or it did not change for its whole length.
  boolean free(ServerId asker) {
    return lease
        .map(
            held ->
                held.released()
                    || held.holder().id().equals(asker)
                    || confirmed.compareTo(over()) >= 0)
        .orElse(true);
  }
}
