package dev.slipway.server.control;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import java.util.Optional;

/// Why a control loop cannot go on.
///
/// @param message in a person's words
/// @param by the epoch of who has taken over, where it was told
public record TermOver(Cause cause, String message, Optional<Epoch> by) {
  public enum Cause {
    /// Another server has taken over.
    DEPOSED,

    /// The database does not hold any more what this server knows to have been recorded.
    HISTORY_LOST,

    /// The lease was not renewed in time, or an append found no database.
    UNSURE,

    /// The journal is damaged.
    BROKEN,

    /// The engine cannot be claimed, or does not show what runs.
    ENGINE
  }

  /// @param message in a person's words
  public static TermOver of(Cause cause, String message) {
    return new TermOver(cause, message, Optional.empty());
  }

  /// What refused its epoch has seen a higher one.
  public static TermOver deposed(StaleEpoch stale) {
    return new TermOver(
        Cause.DEPOSED, String.valueOf(stale.getMessage()), Optional.of(stale.seen()));
  }
}
