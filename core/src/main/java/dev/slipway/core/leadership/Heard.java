package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;
import java.util.Optional;

/// What an {@link Election} is told.
public sealed interface Heard {

  /// The time to wake has come, or any other time.
  record Woke() implements Heard {}

  /// The answer to the {@link Order.ToJournal} that was given last. One that answers nothing is
  /// ignored.
  sealed interface Outcome extends Heard {}

  /// A journal that no other process can open shows the lease of a former one as released: nobody
  /// need wait for it to be over.
  ///
  /// @param lease empty when nobody ever took one
  record LeaseSeen(Optional<Lease> lease) implements Outcome {}

  record Taken(Epoch epoch) implements Outcome {}

  record Renewed() implements Outcome {}

  record Released() implements Outcome {}

  /// The lease is of another epoch by now; one that was to be taken is not any more what was seen.
  record Stale() implements Outcome {}

  /// The journal could not be asked, did not answer in time, or refused; whether it did what was
  /// ordered need not be known.
  ///
  /// @param problem what went wrong, for people
  record Failed(String problem) implements Outcome {}

  /// The journal told that the lease changed. That it does is never relied on.
  record LeaseChanged() implements Heard {}

  /// An epoch was seen elsewhere, as in an engine's fence: the next one will be higher, and a term
  /// of a lower one is over.
  record FenceSeen(Epoch epoch) implements Heard {}

  /// An append or an engine refused this term's epoch: the term is over, whatever the other epoch
  /// is.
  ///
  /// @param by the epoch that is known there; the term's own where it was not told
  record Overtaken(Epoch by) implements Heard {}

  /// The term cannot begin or go on.
  ///
  /// @param problem why, for people
  record TermFailed(String problem) implements Heard {}

  /// The term takes writes from now on. Orders may have to wait for what its engine shows.
  record TermBegan(Epoch epoch) implements Heard {}

  /// All parts of the term have ended, after {@link Order.EndTerm}.
  record TermEnded() implements Heard {}

  /// What the leader does, told about once a second for each strand.
  ///
  /// @param made whether anything got done since the last report
  /// @param pending whether anything is to be done
  record Progress(Strand strand, boolean made, boolean pending) implements Heard {}

  /// A term could begin: the engine answers, and is of this journal's platform. So it is until
  /// {@link Unfit} says otherwise.
  record Fit() implements Heard {}

  /// A term could not begin now: the lease is not taken, for nothing, until {@link Fit} is heard. A
  /// term that goes on is no matter of it.
  ///
  /// @param reason why, for people
  record Unfit(String reason) implements Heard {}

  /// Somebody wants another server to lead. A server that does not lead has nothing to hand over.
  record HandOver(String reason) implements Heard {}

  /// The server is about to end: it hands over, and does not stand again.
  record Stop(String reason) implements Heard {}
}
