package dev.slipway.example.crawler;

import static org.awaitility.Awaitility.await;

import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole crawl with a real queue: roles in this process, or workers as processes of their own
/// that can be killed.
final class RunningCrawl implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Path directory;
  private final Map<String, String> settings = new HashMap<>();
  private final List<Role> roles = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final EventLog log = new EventLog(new PrintStream(OutputStream.nullOutputStream()));
  private final Role site;
  private Role queue;
  private @Nullable Role store;

  RunningCrawl(Path directory, Map<String, String> settings) {
    this.directory = directory;
    this.settings.putAll(settings);
    this.settings.put("DATA_DIR", directory.resolve("data").toString());
    this.site = start("site", Map.of());
    this.settings.put("SITE_URL", "http://127.0.0.1:" + site.port());
    this.queue = start("queue", Map.of());
    this.settings.put("QUEUE_URL", "http://127.0.0.1:" + queue.port());
  }

  Role start(String role, Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(settings);
    variables.putAll(more);
    Role started = Main.start(role, new Environment(variables), log);
    roles.add(started);
    return started;
  }

  void startStore() {
    store = start("store", Map.of());
  }

  void stopStore() {
    if (store != null) {
      store.close();
    }
  }

  /// Ends the queue's server with all that it holds, and starts an empty one in its place.
  void loseQueue() {
    int port = queue.port();
    queue.close();
    queue = start("queue", Map.of("PORT0", Integer.toString(port)));
  }

  Process spawn(String role, Map<String, String> more) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.slipway.example.crawler.Main",
            role);
    builder.environment().putAll(settings);
    builder.environment().putAll(more);
    Path output = directory.resolve(role + "-" + processes.size() + ".log");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  String queueAddress() {
    return "http://127.0.0.1:" + queue.port();
  }

  String storeText(String path) {
    return text(Objects.requireNonNull(store, "the store was not started").port(), path);
  }

  JsonNode stats() {
    return JSON.readTree(storeText("/stats"));
  }

  JsonNode catalogue() {
    return get(site.port(), "/catalogue.json");
  }

  int siteItems() {
    return catalogue().get("allowedItems").asInt();
  }

  void awaitPages(int pages) {
    await().atMost(LIMIT).until(() -> stats().get("pages").asInt() >= pages);
  }

  JsonNode awaitDone() {
    await().atMost(LIMIT).until(() -> stats().get("done").asBoolean());
    return stats();
  }

  List<JsonNode> items() throws IOException {
    return Files.readAllLines(directory.resolve("data/items.jsonl")).stream()
        .map(JSON::readTree)
        .toList();
  }

  String text(int port, String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(LIMIT)
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from port " + port, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private JsonNode get(int port, String path) {
    return JSON.readTree(text(port, path));
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    roles.reversed().forEach(Role::close);
    http.close();
  }
}
