package dev.slipway.journal;

import dev.slipway.core.state.Event;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;

/// Core's events as JSON and back, exactly: an event read is equal to the one written. Stateless,
/// for any number of threads.
public final class EventCodec {
  private EventCodec() {}

  /// The name of the event's kind, as `instance-placed`.
  public static String type(Event event) {
    return TypeNames.EVENTS.name(event);
  }

  /// The event without its type, as one line of ASCII.
  ///
  /// @throws IllegalArgumentException when a name in a map has half a surrogate pair
  public static byte[] write(Event event) {
    try {
      return CoreJson.MAPPER.writeValueAsBytes(event);
    } catch (JacksonException problem) {
      throw new IllegalArgumentException(
          "an event of type " + type(event) + " cannot be written: " + CoreJson.problem(problem));
    }
  }

  /// @throws UnreadableJson when there is no such type or the text is not what {@link #write} gives
  public static Event read(String type, byte[] json) {
    Class<? extends Event> known =
        TypeNames.EVENTS
            .type(type)
            .orElseThrow(
                () -> new UnreadableJson("there is no event type '" + printable(type) + "'"));
    try {
      return CoreJson.MAPPER.readValue(json, known);
    } catch (JacksonException problem) {
      throw new UnreadableJson(
          "an event of type " + type + " cannot be read: " + CoreJson.problem(problem));
    }
  }

  private static String printable(String type) {
    byte[] ascii = type.getBytes(StandardCharsets.US_ASCII);
    return new String(ascii, 0, Math.min(ascii.length, 40), StandardCharsets.US_ASCII);
  }
}
