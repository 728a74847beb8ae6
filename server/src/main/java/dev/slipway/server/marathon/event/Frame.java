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

  private Frame(Position position, String type, byte[] light, byte[] heavy) {
    this.position = position;
    this.type = type;
    this.light = light;
    this.heavy = heavy;
  }

  static Frame of(Position position, MarathonEvent event) {
    byte[] light = bytes(position, event, true);
    boolean same = event.heavyPlan().isEmpty();
    return new Frame(position, event.type(), light, same ? light : bytes(position, event, false));
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

  /// The bytes that it keeps; both forms are the same where there is no plan.
  int size() {
    return heavy == light ? light.length : light.length + heavy.length;
  }
}
