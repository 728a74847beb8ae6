package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.State;
import dev.slipway.server.control.Unavailable;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The API behind the real HTTP server.
class HttpTest {
  private static final String WEB = "{\"id\": \"web\", \"cmd\": \"x\", \"cpus\": 0.1, \"mem\": 16}";

  private final MemoryPlatform platform = MemoryPlatform.withNodes();
  private final HttpClient client = HttpClient.newHttpClient();
  private MarathonApi api = api(platform);
  private HttpServer server = start();

  private MarathonApi api(Control control) {
    return new MarathonApi(
        control, instance -> Optional.empty(), new ServerInfo("127.0.0.1", this::port, "0.1.0"));
  }

  private int port() {
    return server.port();
  }

  private HttpServer start() {
    return HttpServer.start(HttpSettings.DEFAULT.at("127.0.0.1", 0), List.of(api));
  }

  @BeforeEach
  void listen() {
    platform.listen(api.transitions());
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    api.close();
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  /// Reads an event stream line by line, beside the test.
  private Queue<String> lines(String path, String... headers) {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    var request = request(path).header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    Thread.ofVirtual().start(() -> read(request.build(), lines));
    return lines;
  }

  private void read(HttpRequest request, Queue<String> lines) {
    try {
      client.send(request, BodyHandlers.ofLines()).body().forEach(lines::add);
    } catch (IOException | UncheckedIOException ended) {
      lines.add("ended");
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void answersAreJsonAndTellWhoLeads() throws Exception {
    var response = send("GET", "/v2/apps/?embed=apps.tasks", "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"apps\":[]}");
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    assertThat(response.headers().firstValue("X-Marathon-Leader"))
        .hasValue("http://127.0.0.1:" + server.port());
    assertThat(send("GET", "/ping", "").body()).isEqualTo("pong");
  }

  @Test
  void anAppIsCreatedFoundByAnyPathAndRemoved() throws Exception {
    var created = send("POST", "/v2/apps", WEB);
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location").orElse("")).endsWith("/web");
    assertThat(created.headers().firstValue("Marathon-Deployment-Id")).isPresent();
    for (String path :
        List.of("/v2/apps/web", "/v2/apps//web", "/v2/apps/%2Fweb", "/v2/apps/web/")) {
      assertThat(send("GET", path, "").statusCode()).as(path).isEqualTo(200);
    }
    assertThat(send("DELETE", "/v2/apps//web?force=True", "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/v2/apps/web", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsWrongIsAnsweredInMarathonsWords() throws Exception {
    assertThat(send("POST", "/v2/apps", "{").statusCode()).isEqualTo(400);
    assertThat(send("POST", "/v2/apps", "{}").body())
        .isEqualTo(
            "{\"message\":\"Invalid JSON\",\"details\":[{\"path\":\"/id\","
                + "\"errors\":[\"error.path.missing\"]}]}");
    assertThat(send("GET", "/v2/nothing", "").body())
        .isEqualTo("{\"message\":\"URI not found: /v2/nothing\"}");
    assertThat(send("DELETE", "/v2/info", "").statusCode()).isEqualTo(405);
  }

  @Test
  void aPlatformThatCannotWriteSaysSo() throws Exception {
    api.close();
    server.close();
    api =
        api(
            new Control() {
              @Override
              public State state() {
                return platform.state();
              }

              @Override
              public Reply submit(Input.Command wish) {
                throw new Unavailable("the journal cannot be written");
              }

              @Override
              public Instant now() {
                return platform.now();
              }
            });
    server = start();
    var response = send("POST", "/v2/apps", WEB);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("{\"message\":\"the journal cannot be written\"}");
  }

  @Test
  void eventsComeInOrderAndInExactFrames() throws Exception {
    var lines = lines("/v2/events");
    await().until(() -> lines.contains("event: event_stream_attached"));
    send("POST", "/v2/apps?force=true", WEB);
    await().until(() -> lines.contains("event: instance_changed_event"));
    var types = lines.stream().filter(line -> line.startsWith("event: ")).toList();
    assertThat(types)
        .startsWith(
            "event: event_stream_attached",
            "event: api_post_event",
            "event: group_change_success",
            "event: deployment_info",
            "event: deployment_step_success",
            "event: deployment_info",
            "event: instance_changed_event");
    String post =
        lines.stream().filter(line -> line.contains("api_post_event\",")).findFirst().orElse("");
    assertThat(post)
        .startsWith("data: {\"eventType\":\"api_post_event\",\"timestamp\":\"")
        .contains(
            "\"clientIp\":\"127.0.0.1\",\"uri\":\"/v2/apps?force=true\",\"appDefinition\":{\"id\":\"/web\"");
    assertThat(lines)
        .anyMatch(line -> line.startsWith("data: ") && line.contains("\"original\":{"));
  }

  @Test
  void aFailedProbeIsToldWhateverFollows() throws Exception {
    send("POST", "/v2/apps", WEB.replace("}", ", \"healthChecks\": [{\"protocol\": \"TCP\"}]}"));
    platform.settle();
    var lines = lines("/v2/events?event_type=failed_health_check_event");
    await().until(() -> !lines.isEmpty());
    var instance = platform.instances("/web").getFirst();
    var app = platform.state().app(instance.app()).orElseThrow();
    api.healthCheckFailed(instance.id(), app.spec().healthChecks().getFirst());
    await()
        .until(
            () ->
                lines.stream()
                    .anyMatch(
                        line ->
                            line.contains("\"taskId\":\"" + instance.id() + "\"")
                                && line.contains("\"protocol\":\"TCP\"")));
  }

  @Test
  void aFilteredLightStreamTellsNoMore() throws Exception {
    var lines = lines("/v2/events?plan-format=light&event_type=deployment_info");
    await().until(() -> !lines.isEmpty());
    send("POST", "/v2/apps", WEB);
    await().until(() -> lines.stream().anyMatch(line -> line.startsWith("data: ")));
    assertThat(lines)
        .filteredOn(line -> line.startsWith("event: "))
        .containsOnly("event: deployment_info");
    assertThat(lines).noneMatch(line -> line.contains("\"original\""));
  }

  @Test
  void whoComesBackGoesOnWhereItLeft() throws Exception {
    var first = lines("/v2/events?event_type=group_change_success");
    await().until(() -> !first.isEmpty());
    send("POST", "/v2/apps", WEB);
    await().until(() -> first.stream().anyMatch(line -> line.startsWith("id: ")));
    String id = first.stream().filter(line -> line.startsWith("id: ")).findFirst().orElse("");
    send("DELETE", "/v2/apps/web", "");
    var again =
        lines("/v2/events?event_type=group_change_success", "Last-Event-ID", id.substring(4));
    await().until(() -> again.stream().anyMatch(line -> line.startsWith("data: ")));
    assertThat(again.stream().filter(line -> line.startsWith("data: "))).hasSize(1);
  }

  @Test
  void aStreamHasToBeAskedForAsSuch() throws Exception {
    assertThat(send("GET", "/v2/events", "").statusCode()).isEqualTo(405);
    assertThat(send("POST", "/v2/events", "").statusCode()).isEqualTo(405);
  }

  @Test
  void aClientThatDoesNotReadIsCutOff() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      String request =
          "GET /v2/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n\r\n"
              .formatted(server.port());
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      var quick = lines("/v2/events?event_type=group_change_success");
      await().until(() -> api.listeners() == 2);
      String big = "x".repeat(60_000);
      // Each of these is told with the app in full; some megabytes fill what the kernel holds.
      for (int i = 0; i < 400; i++) {
        send(
            "PUT",
            "/v2/apps/web?force=true",
            "{\"cmd\": \"x\", \"instances\": 0, \"env\": {\"A\": \""
                + big
                + "\", \"B\": \""
                + i
                + "\"}}");
      }
      await().until(() -> api.listeners() == 1);
      await().until(() -> quick.stream().filter(line -> line.startsWith("data: ")).count() == 400);
      InputStream in = socket.getInputStream();
      assertThat(drained(in)).isTrue();
    }
  }

  /// Whether the stream ends once what was on the way has been read.
  private static boolean drained(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (IOException reset) {
      return true;
    }
  }
}
