package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;

/// What a server is to do for its candidacy.
public sealed interface Order {

  /// An order to the journal. There is one at a time, and the next is given only when this one was
  /// answered by an {@link Heard.Outcome}. Whoever carries it out answers within {@link
  /// ElectionRules#patience} at about, if need be with {@link Heard.Failed}: no order may hang for
  /// ever.
  sealed interface ToJournal extends Order {}

  /// Read the lease: {@link Heard.LeaseSeen}.
  record Look() implements ToJournal {}

  /// Take the lease, if it still is what the last {@link Look} showed: {@link Heard.Taken} or
  /// {@link Heard.Stale}.
  ///
  /// @param above the new epoch must be higher than this one
  record Take(Epoch above) implements ToJournal {}

  /// Renew the lease, if the epoch still is that: {@link Heard.Renewed} or {@link Heard.Stale}.
  record Renew(Epoch epoch) implements ToJournal {}

  /// Give the lease back, if the epoch still is that: {@link Heard.Released} or {@link
  /// Heard.Stale}.
  record Release(Epoch epoch) implements ToJournal {}

  /// Begin to lead: recover what is not known yet, then decide and act. {@link Heard.TermBegan}
  /// once writes are taken; if that fails: {@link Heard.TermFailed}.
  record BeginTerm(Epoch epoch) implements Order {}

  /// Decide and act no more, end all parts of the term: {@link Heard.TermEnded}.
  ///
  /// @param reason why, for people
  record EndTerm(Epoch epoch, String reason) implements Order {}
}
