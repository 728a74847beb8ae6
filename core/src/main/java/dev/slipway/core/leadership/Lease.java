package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;

/// What the journal's lease row says: who leads, and that it still did when it renewed last. It
/// holds no time, since clocks of machines are never compared.
///
/// @param epoch of the leadership
/// @param renewal rises with each renewal
/// @param length whoever sees no change for so long, by its own clock, may take the lease
/// @param released given back by its holder; whoever likes may take it at once
public record Lease(
    Epoch epoch, Candidate holder, long renewal, Duration length, boolean released) {

  /// Whether nothing was written between the two.
  boolean unchanged(Lease later) {
    return epoch.equals(later.epoch)
        && renewal == later.renewal
        && released == later.released
        && holder.id().equals(later.holder.id());
  }
}
