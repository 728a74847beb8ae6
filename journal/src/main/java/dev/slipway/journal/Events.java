package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Events as rows.
final class Events {
  private Events() {}

  /// An event whose JSON is made, before it has a number.
  record Prepared(String type, String body, long time) {
    static Prepared of(Event event) {
      byte[] json = EventCodec.write(event);
      if (json.length > SqlJournal.MAX_EVENT_BYTES) {
        throw new IllegalArgumentException(
            "an event of type "
                + EventCodec.type(event)
                + " has "
                + json.length
                + " bytes, at most "
                + SqlJournal.MAX_EVENT_BYTES
                + " can be recorded");
      }
      return new Prepared(
          EventCodec.type(event),
          new String(json, StandardCharsets.US_ASCII),
          milliseconds(event.at()));
    }
  }

  /// The rows of a batch that follows the given head.
  static List<Tables.EventRow> rows(List<Prepared> events, Tables.Head head, Epoch epoch) {
    List<Tables.EventRow> rows = new ArrayList<>(events.size());
    long sequence = head.sequence();
    for (Prepared event : events) {
      sequence++;
      rows.add(
          Tables.EventRow.of(
              sequence, head.batch() + 1, epoch.value(), event.time(), event.type(), event.body()));
    }
    return rows;
  }

  /// Whether exactly these events were recorded under this epoch after the one of that number.
  static boolean areRecorded(Connection connection, List<Prepared> events, Epoch epoch, long after)
      throws SQLException {
    var same = new int[1];
    Tables.readEvents(
        connection,
        after,
        row -> {
          Prepared event = events.get(same[0]);
          boolean equal =
              row.sequence() == after + same[0] + 1
                  && row.epoch() == epoch.value()
                  && row.type().equals(event.type())
                  && row.body().equals(event.body());
          same[0] += equal ? 1 : 0;
          return equal && same[0] < events.size();
        });
    return same[0] == events.size();
  }

  static Event of(Tables.EventRow row) {
    return EventCodec.read(row.type(), row.body().getBytes(StandardCharsets.ISO_8859_1));
  }

  /// @throws JournalDamaged when the row is not what was written
  static Recorded recorded(Tables.EventRow row, String journal) {
    String place = "event " + row.sequence();
    if (!row.isSound()) {
      throw new JournalDamaged(journal, place, "its checksum is wrong");
    }
    try {
      return new Recorded(row.sequence(), new Epoch(row.epoch()), of(row));
    } catch (UnreadableJson problem) {
      throw new JournalDamaged(journal, place, String.valueOf(problem.getMessage()));
    }
  }

  /// Times outside of some 292 million years are told as the last one that fits.
  private static long milliseconds(Instant time) {
    try {
      return time.toEpochMilli();
    } catch (ArithmeticException tooFar) {
      return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
