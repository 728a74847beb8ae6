package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.Optional;

/// A server's candidacy: when it looks at the lease, takes it, renews it, gives it back, begins and
/// ends terms. A value: {@link #hear} gives the next one and what is to be done.
///
/// Who drives it keeps three promises. It tells {@link Heard.Woke} by the time that the last
/// {@link Turn} named. It answers each {@link Order.ToJournal} once, within about {@link
/// ElectionRules#patience}. And whatever its term does outside, it does only while {@link #mayAct}
/// holds.
///
/// All times are readings of one monotonic clock of this process, counted from any moment; no clock
/// of another machine is asked. That is safe as long as the clocks of two servers do not differ in
/// rate by a third:
///
/// - A leader may act until two thirds of the lease have passed since the *start* of its last
///   renewal that succeeded, so that it stops before anybody may take the lease, whatever becomes
///   of its requests.
/// - A standby calls a lease over when it did not change for its whole length after an answer first
///   showed it, and a look that started after that still shows it the same.
/// - Pauses of a process make it late, never wrong: {@link #mayAct} is asked with the time that is.
///   What a pause lets through between asking and acting is refused by the epoch.
///
/// It never gives up: after each failure it rests for a while that grows to a limit and is drawn by
/// chance, and stands again, until it is told to stop. It never spins: between two looks, and two
/// renewals, there is a pause, whatever is heard.
///
/// @param me whose candidacy it is
/// @param stage where it stands
/// @param asked what the journal was asked and has not answered
/// @param seen the lease as the journal showed it last
/// @param highest the highest epoch heard of anywhere
/// @param failures terms in a row that failed or were lost
/// @param stopping why it does not stand again
/// @param unreadableSince since when looks at the lease failed
/// @param lastEnd how its last term ended
/// @param unfit why a term could not begin now, so that it does not take the lease
public record Election(
    Candidate me,
    ElectionRules rules,
    Stage stage,
    Optional<Asked> asked,
    Optional<Sighting> seen,
    Epoch highest,
    int failures,
    Optional<String> stopping,
    Optional<Duration> unreadableSince,
    Optional<TermEnd> lastEnd,
    Optional<String> unfit) {

  /// An order to the journal, and when it was given.
  record Asked(Order.ToJournal order, Duration at) {}

  /// How a term ended, and when its end began.
  public record TermEnd(Epoch epoch, String reason, Duration at) {}

  /// A candidacy that begins by looking at the lease.
  public static Election begin(Candidate me, ElectionRules rules, Duration now) {
    return new Election(
        me,
        rules,
        new Stage.Standby(now, now, Optional.empty(), now),
        Optional.empty(),
        Optional.empty(),
        new Epoch(0),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// What follows from what was heard.
  ///
  /// @param now by this process' monotonic clock; never earlier than the time before
  /// @param chance from 0 to below 1, drawn anew each time
  public Turn hear(Heard heard, Duration now, double chance) {
    var deliberation = new Deliberation(this, now, chance);
    deliberation.take(heard);
    return deliberation.conclude();
  }

  /// Whether anything may be ordered or recorded as leader at this time.
  public boolean mayAct(Duration now) {
    return authority().filter(until -> now.compareTo(until) < 0).isPresent();
  }

  /// While it leads, the time from which nothing may be ordered, unless the lease is renewed
  // before.
  public Optional<Duration> authority() {
    return term().map(term -> term.until(rules));
  }

  public Optional<Term> term() {
    return stage instanceof Stage.Leading(Term term) ? Optional.of(term) : Optional.empty();
  }

  /// The server that leads as far as this one knows: itself, or another one whose lease is not over
  /// by this server's clock.
  public Optional<Candidate> leader(Duration now) {
    if (stage instanceof Stage.Leading) {
      return Optional.of(me);
    }
    return seen.filter(sighting -> now.compareTo(sighting.over()) < 0)
        .flatMap(Sighting::lease)
        .filter(lease -> !lease.released())
        .map(Lease::holder)
        .filter(holder -> !holder.id().equals(me.id()));
  }

  public Role role(Duration now) {
    return switch (stage) {
      case Stage.Standby(_, _, _, var rested) when now.compareTo(rested) < 0 -> Role.RESTING;
      case Stage.Standby _ when unfit.isPresent() ->
          leader(now).isPresent() ? Role.FOLLOWING : Role.RESTING;
      case Stage.Standby(_, _, var takeAt, _) ->
          takeAt.isPresent() ? Role.CONTENDING : Role.FOLLOWING;
      case Stage.Taking() -> Role.CONTENDING;
      case Stage.Leading(Term term) -> term.open() ? Role.LEADING : Role.STARTING;
      case Stage.Ending _, Stage.Releasing _ -> Role.ENDING;
      case Stage.Stopped() -> Role.STOPPED;
    };
  }
}
