package dev.slipway.journal;

import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Brings the state back: the newest snapshot that is sound, and the events after it, one by one.
/// Each event has to follow the one before it, and the last has to be the one that the head names.
final class Replay {
  private final String journal;
  private final Consumer<Replayed> each;
  private final List<String> warnings = new ArrayList<>();
  private State state = State.EMPTY;
  private long sequence;
  private long mark;
  private long snapshot;
  private long bytes;

  /// @param each told of every event that is read
  Replay(String journal, List<String> warnings, Consumer<Replayed> each) {
    this.journal = journal;
    this.each = each;
    this.warnings.addAll(warnings);
  }

  Recovered run(Connection connection) throws SQLException {
    Tables.Head head = head(connection, journal);
    start(connection);
    Tables.readEvents(
        connection,
        sequence,
        row -> {
          apply(row);
          return true;
        });
    if (sequence != head.sequence()) {
      throw new JournalDamaged(
          journal,
          "event " + (sequence + 1),
          "events up to " + head.sequence() + " were recorded and the last one is " + sequence);
    }
    return new Recovered(state, new Position(sequence, mark), head.epoch(), snapshot, warnings);
  }

  static Tables.Head head(Connection connection, String journal) throws SQLException {
    return Tables.head(connection)
        .orElseThrow(
            () ->
                new JournalDamaged(
                    journal, "the row of table journal", "it is missing or its checksum is wrong"));
  }

  /// The length of the events that were read.
  long bytes() {
    return bytes;
  }

  private void start(Connection connection) throws SQLException {
    for (Tables.Snapshot candidate : Tables.snapshots(connection)) {
      Snapshots.Reading reading = Snapshots.read(connection, candidate);
      Optional<State> found = reading.state();
      if (found.isPresent()) {
        state = found.get();
        sequence = candidate.sequence();
        mark = Tables.mark(connection, sequence);
        snapshot = sequence;
        return;
      }
      warnings.add(
          "the snapshot at event "
              + candidate.sequence()
              + " is damaged ("
              + reading.problem()
              + "); the one before it and the events since are used");
    }
  }

  private void apply(Tables.EventRow row) {
    if (row.sequence() != sequence + 1) {
      throw new JournalDamaged(
          journal, "event " + (sequence + 1), "it is missing; the next one is " + row.sequence());
    }
    State before = state;
    Event event = Events.recorded(row, journal).event();
    state = Evolution.apply(before, event);
    sequence = row.sequence();
    mark = row.crc();
    bytes += row.body().length();
    each.accept(new Replayed(sequence, event, before, state));
  }
}
