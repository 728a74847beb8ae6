package dev.slipway.server.marathon.event;

import dev.slipway.server.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// An event as it goes over the wire, written once for all who listen.
final class Frame {
  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Position position;
  private final String type;
  private final byte[] head;
  private final byte[] light;
  private final Optional<byte[]> heavy;

  private Frame(Position position, String type, byte[] head, byte[] light, Optional<byte[]> heavy) {
    this.position = position;
    this.type = type;
    this.head = head;
    this.light = light;
    this.heavy = heavy;
  }

  /// One space after each colon: clients compare letter by letter.
  static Frame of(Position position, MarathonEvent event) {
    String head = "id: %s\r\nevent: %s\r\ndata: ".formatted(position, event.type());
    return new Frame(
        position,
        event.type(),
        head.getBytes(StandardCharsets.UTF_8),
        Json.write(event.json(true)),
        event.heavyPlan().map(plan -> Json.write(event.json(false))));
  }

  /// Where it stands among all events.
  Position position() {
    return position;
  }

  String type() {
    return type;
  }

  /// Writes it, with the plan in its light or heavy form.
  void writeTo(OutputStream out, boolean lightPlan) throws IOException {
    byte[] json = lightPlan ? light : json();
    byte[] bytes = Arrays.copyOf(head, head.length + json.length + END.length);
    System.arraycopy(json, 0, bytes, head.length, json.length);
    System.arraycopy(END, 0, bytes, head.length + json.length, END.length);
    out.write(bytes);
  }

  /// The event alone, with its plan in the heavy form.
  byte[] json() {
    return heavy.orElse(light);
  }

  /// The bytes that it keeps.
  int size() {
    return head.length + light.length + heavy.map(json -> json.length).orElse(0);
  }
}
