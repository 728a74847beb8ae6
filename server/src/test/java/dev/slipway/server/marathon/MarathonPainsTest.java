package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What Marathon's users suffered from at its API. The numbers are those of docs/marathon.md,
/// "Pains"; the core's are told beside its scenarios.
class MarathonPainsTest {
  private static final int APPS = 2_000;
  private final Served served = new Served();

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  @DisplayName("7 and 8: whoever polls many apps waits, and hangs")
  void slowReads() {
    String apps =
        IntStream.range(0, APPS)
            .mapToObj(i -> "{\"id\": \"a" + i + "\", \"cmd\": \"x\", \"instances\": 0}")
            .collect(Collectors.joining(",", "{\"id\": \"/many\", \"apps\": [", "]}"));
    assertThat(served.send("POST", "/v2/groups", apps).status()).isEqualTo(201);

    var page = served.get("/v2/apps?limit=100&offset=1900");
    assertThat(Served.json(page).path("apps").size()).isEqualTo(100);
    assertThat(page.header("x-total-count")).contains(Integer.toString(APPS));

    String tag = served.get("/v2/apps").header("etag").orElseThrow();
    var again = served.get("/v2/apps", "If-None-Match: " + tag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  @DisplayName("13: events are lost while a client is away")
  void lostEvents() {
    List<String> first = listen("");
    await().until(() -> !first.isEmpty());
    create("a");
    await().until(() -> count(first) == 1);
    String last = first.stream().filter(line -> line.startsWith("id: ")).findFirst().orElseThrow();

    create("b");
    create("c");
    List<String> again = listen(last.substring("id: ".length()));

    await().until(() -> count(again) == 2);
    create("d");
    await().until(() -> count(again) == 3);
    assertThat(again.stream().filter(line -> line.startsWith("id: "))).doesNotHaveDuplicates();
  }

  private void create(String id) {
    String app = "{\"id\": \"" + id + "\", \"cmd\": \"x\", \"instances\": 0}";
    assertThat(served.send("POST", "/v2/apps", app).status()).isEqualTo(201);
  }

  private static long count(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("data: ")).count();
  }

  /// The lines of a stream of changed groups, as they come.
  private List<String> listen(String lastEvent) {
    List<String> lines = new CopyOnWriteArrayList<>();
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/v2/events?event_type=group_change_success"
                        .formatted(served.server.port())))
            .header("Accept", "text/event-stream");
    if (!lastEvent.isEmpty()) {
      request.header("Last-Event-ID", lastEvent);
    }
    Thread.ofVirtual()
        .start(
            () -> {
              try (var client = HttpClient.newHttpClient()) {
                client.send(request.build(), BodyHandlers.ofLines()).body().forEach(lines::add);
              } catch (Exception closed) {
                // The server went away at the end of the test.
              }
            });
    return lines;
  }
}
