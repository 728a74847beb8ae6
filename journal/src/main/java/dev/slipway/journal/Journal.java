package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.function.Consumer;

/// The events, in the order in which they happened, numbered from 1 without a gap.
///
/// One thread appends; another may write a snapshot at the same time. Every method may throw
/// {@link JournalFull}, after which nothing of the call counts, and {@link JournalDamaged}.
public interface Journal extends AutoCloseable {

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

  /// Raises the epoch, durably: from now on whoever appends with a lower one is refused.
  Epoch takeLeadership();

  /// Records the events, all or none; when it returns they survive any crash.
  ///
  /// @param events from 1 to {@link SqlJournal#MAX_BATCH_EVENTS} of them
  /// @param epoch the one that this leader took
  /// @return the number of the last event
  /// @throws StaleEpoch when a higher epoch was taken since; nothing is recorded
  /// @throws JournalFull when the disk does not take it; nothing is recorded, and later calls work
  ///     again once it does
  long append(List<Event> events, Epoch epoch);

  /// Whether so much was recorded since the last snapshot that another is due.
  boolean snapshotDue();

  /// Keeps the state as it is after the event of that number, and forgets what is older than the
  /// snapshot before it. It takes its time on the calling thread and lets appends pass.
  void snapshot(State state, long sequence);

  /// The values kept encrypted beside the events, for as long as the journal is open.
  SealedValues sealedValues();

  @Override
  void close();
}
