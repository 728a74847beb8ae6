package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import java.nio.charset.StandardCharsets;
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

  static Event of(Tables.EventRow row) {
    return EventCodec.read(row.type(), row.body().getBytes(StandardCharsets.ISO_8859_1));
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
