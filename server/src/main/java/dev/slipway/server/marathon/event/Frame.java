package dev.slipway.server.marathon.event;

import dev.slipway.server.marathon.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// An event as it goes over the wire, written once for all who listen.
final class Frame {
  private final Position position;
  private final String type;
  private final byte[] light;
  private final byte[] heavy;
  private final int size;

  private Frame(Position position, String type, byte[] light, byte[] heavy, int size) {
    this.position = position;
    this.type = type;
    this.light = light;
    this.heavy = heavy;
    this.size = size;
  }

  static Frame of(Position position, MarathonEvent event) {
    byte[] light = bytes(position, event, true);
    if (event.heavyPlan().isEmpty()) {
      return new Frame(position, event.type(), light, light, light.length);
    }
    byte[] heavy = bytes(position, event, false);
    return new Frame(position, event.type(), light, heavy, light.length + heavy.length);
  }

  /// One space after each colon: clients compare letter by letter.
  private static byte[] bytes(Position position, MarathonEvent event, boolean light) {
    String text =
        "id: %s\r\nevent: %s\r\ndata: %s\r\n\r\n"
            .formatted(position, event.type(), Json.text(event.json(light)));
    return text.getBytes(StandardCharsets.UTF_8);
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
    out.write(lightPlan ? light : heavy);
  }

  /// The bytes that it keeps.
  int size() {
    return size;
  }
}
