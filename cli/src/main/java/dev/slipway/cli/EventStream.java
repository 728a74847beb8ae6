package dev.slipway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/// Reads server-sent events (the WHATWG's format): lines `event:` and `data:` up to an empty line;
/// lines that begin with a colon are signs of life. Data of more than [#LONGEST_EVENT] characters
/// breaks the stream.
final class EventStream {
  private static final int LONGEST_EVENT = 8 * 1024 * 1024;

  private final BufferedReader reader;

  /// @param type the event's name
  record Event(String type, Json data) {}

  EventStream(InputStream stream) {
    reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  /// Hands on each event until the stream ends (true), or the reader wants no more (false).
  boolean forEach(Predicate<Event> wantsMore) throws IOException {
    String type = "message";
    var data = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        if (!data.isEmpty() && !wantsMore.test(event(type, data.toString()))) {
          return false;
        }
        type = "message";
        data.setLength(0);
      } else if (line.startsWith("event:")) {
        type = line.substring("event:".length()).strip();
      } else if (line.startsWith("data:")) {
        data.append(line.substring("data:".length()).strip()).append('\n');
      }
      if (data.length() > LONGEST_EVENT) {
        throw new IOException("an event is too long");
      }
    }
    return true;
  }

  private static Event event(String type, String data) throws IOException {
    try {
      return new Event(type, Json.read(data.getBytes(StandardCharsets.UTF_8)));
    } catch (tools.jackson.core.JacksonException e) {
      throw new IOException("an event is no JSON", e);
    }
  }
}
