package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.leadership.ServerId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// The events, in the order in which they happened, numbered from 1 without a gap, and the lease by
/// which servers that share a journal agree on who of them writes.
///
/// One thread appends, another renews the lease, others may write a snapshot, follow and read at
/// the same time. Every method may throw {@link JournalFull}, after which nothing of the call
/// counts, {@link JournalUnreachable} and {@link JournalDamaged}.
public interface Journal extends AutoCloseable {

  /// Whether other servers may write this journal too, so that the lease has to be kept.
  boolean isShared();

  /// The state that the events add up to.
  ///
  /// @throws JournalDamaged when an event since the snapshot is damaged or missing
  default Recovered recover() {
    return recover(replayed -> {});
  }

  /// The same, while `each` is told of every event since the snapshot, in order.
  ///
  /// @throws JournalDamaged when an event since the snapshot is damaged or missing
  Recovered recover(Consumer<Replayed> each);

  /// The number of the last event; 0 when there is none.
  long sequence();

  /// Reads on after a place that {@link #recover} or another follower came to.
  Follower follow(Position after);

  /// Takes the lead of a journal that no other server reaches.
  default Epoch takeLeadership() {
    var alone = new Candidate(new ServerId(new UUID(0, 0)), "", "");
    return takeLeadership(alone, ElectionRules.DEFAULT.lease(), new Epoch(0));
  }

  /// Raises the epoch and takes the lease, durably: from now on whoever appends with a lower epoch
  /// is refused. It does not ask whether another server leads.
  ///
  /// @param lease how long the others wait for its next renewal before they take over
  /// @param above the highest epoch that was seen anywhere else, as in an engine's fence: the new
  /// one
  ///     is higher also when the database lost that it was taken; 0 when none was seen
  /// @throws JournalUnreachable when it is not known whether it was taken; taking it again is right
  Epoch takeLeadership(Candidate me, Duration lease, Epoch above);

  /// The same, unless the lease changed since it was seen: of several servers that find a lease
  /// over at the same time one gets it, and the others are not in its way.
  ///
  /// @return nothing when the lease is another's, or was renewed
  Optional<Epoch> takeLeadershipAfter(
      Optional<Lease> seen, Candidate me, Duration lease, Epoch above);

  /// Who leads; nothing when nobody ever did, or nobody since the journal was restored.
  Optional<Lease> lease();

  /// Says that the leader of this epoch is still there.
  ///
  /// @throws StaleEpoch when another leadership followed, or this one was released
  void renew(Epoch epoch);

  /// Gives the lead back, so that others need not wait for the lease to end. The epoch stays valid
  /// for appends until another is taken. Does nothing when another leadership followed.
  void release(Epoch epoch);

  /// Records the events, all or none; when it returns they survive any crash.
  ///
  /// When the connection breaks before the outcome of the commit is known, the call finds out, as
  /// long as its patience lasts. After {@link JournalUnreachable} the same events may be offered
  /// again with the same epoch and `after`: a batch that was recorded is then found, and not
  /// recorded twice.
  ///
  /// @param events from 1 to {@link SqlJournal#MAX_BATCH_EVENTS} of them
  /// @param epoch the one that this leader took
  /// @param after the number of the last event that this leader knows
  /// @return the number of the last event, which is `after` and as many as there are events
  /// @throws StaleEpoch when a higher epoch was taken since; nothing is recorded
  /// @throws HistoryLost when the journal's last event is another one, or it does not know the
  ///     epoch; nothing is recorded
  /// @throws JournalFull when the disk does not take it; nothing is recorded, and later calls work
  ///     again once it does
  /// @throws JournalUnreachable when it is not known whether it is recorded
  long append(List<Event> events, Epoch epoch, long after);

  /// Whether so much was recorded since the last snapshot that another is due.
  boolean snapshotDue();

  /// Keeps the state as it is after the event of that number, and forgets what is older than the
  /// snapshot before it. It takes its time on the calling thread and lets appends pass. When it
  /// fails, what was written of it is of no use and in nobody's way.
  ///
  /// @param epoch the one that this leader took
  /// @throws StaleEpoch when a higher epoch was taken since; the snapshot does not count
  /// @throws HistoryLost when the journal does not reach to that event, or does not know the epoch
  void snapshot(State state, long sequence, Epoch epoch);

  /// The values kept encrypted beside the events, for as long as the journal is open.
  SealedValues sealedValues();

  @Override
  void close();
}
