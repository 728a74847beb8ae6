package dev.slipway.server.several;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.several.Platform.Member;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The ids of the events that a stream tells.
final class EventReader implements AutoCloseable {
  private static final String END = "\n\n";
  private final InputStream stream;
  private final Queue<String> parts = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  /// Listens at a server for changes of groups.
  ///
  /// @param lastId the last event that is known already; empty to hear what happens from now on
  static EventReader open(HttpClient client, Member member, String lastId)
      throws IOException, InterruptedException {
    return open(client, member, "group_change_success", lastId);
  }

  /// The same for events of another type.
  static EventReader open(HttpClient client, Member member, String type, String lastId)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(member.server().uri() + "/v2/events?event_type=" + type))
            .header("Accept", "text/event-stream");
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new EventReader(answer.body());
  }

  private EventReader(InputStream stream) {
    this.stream = stream;
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    byte[] part = new byte[4096];
    try {
      int length = stream.read(part);
      while (length >= 0) {
        parts.add(new String(part, 0, length, UTF_8));
        length = stream.read(part);
      }
    } catch (IOException ended) {
      // The same as its end.
    }
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /// Those of events that have arrived wholly.
  List<String> ids() {
    return ids("");
  }

  /// Those of events that have this in their text.
  List<String> ids(String text) {
    String arrived = String.join("", parts).replace("\r\n", "\n");
    String whole = arrived.substring(0, Math.max(arrived.lastIndexOf(END), 0));
    return Arrays.stream(whole.split(END))
        .filter(event -> event.contains(text))
        .flatMap(String::lines)
        .filter(line -> line.startsWith("id: "))
        .map(line -> line.substring(4))
        .toList();
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException closed) {
      over = true;
    }
  }
}
