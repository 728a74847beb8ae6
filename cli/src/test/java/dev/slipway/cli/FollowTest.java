package dev.slipway.cli;

import static dev.slipway.cli.Answers.UUID_A;
import static dev.slipway.cli.Answers.UUID_B;
import static dev.slipway.cli.Answers.V1;
import static dev.slipway.cli.Answers.app;
import static dev.slipway.cli.Answers.deployment;
import static dev.slipway.cli.Answers.task;
import static dev.slipway.cli.Answers.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes on until somebody ends it: logs, events, Ctrl-C.
class FollowTest {
  private final ScriptedServer server = new ScriptedServer();

  private static final class GrowingFile {
    private volatile String content;

    GrowingFile(String content) {
      this.content = content;
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// Serves a task's file as it grows, by offset and length.
  private GrowingFile output(String uuid, String start) {
    var text = new GrowingFile(start);
    server.streaming(
        "GET /api/v1/tasks/web.instance-" + uuid + "._app.1/files/read",
        exchange -> answerRead(exchange, text.content.getBytes(StandardCharsets.UTF_8)));
    return text;
  }

  private static void answerRead(HttpExchange exchange, byte[] file) throws IOException {
    long offset = -1;
    long length = 65_536;
    for (String part : exchange.getRequestURI().getRawQuery().split("&")) {
      String value = part.substring(part.indexOf('=') + 1);
      offset = part.startsWith("offset=") ? Long.parseLong(value) : offset;
      length = part.startsWith("length=") ? Long.parseLong(value) : length;
    }
    int from = (int) (offset < 0 ? file.length : Math.min(offset, file.length));
    int count = (int) Math.min(length, file.length - from);
    String data = new String(file, from, count, StandardCharsets.UTF_8);
    String json =
        Json.object(Map.of("data", data, "offset", from, "next", from + count, "size", file.length))
            .write();
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void twoInstances() {
    server
        .on("GET /v2/apps/web", app("/web", 2, V1))
        .on(
            "GET /api/v1/tasks?app=%2Fweb",
            tasks(
                task("/web", UUID_A, "running", "true", V1),
                task("/web", UUID_B, "running", "true", V1)));
  }

  @Test
  void severalInstancesAreToldApartByAShortPrefix() {
    twoInstances();
    output(UUID_A, "one\ntwo\nthree\n");
    output(UUID_B, "eins\nzwei\n");
    Run run = Run.of(server, "logs", "web", "-n", "2");
    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .containsExactly(
            "web.3f2a | two", "web.3f2a | three", "web.77b1 | eins", "web.77b1 | zwei");
  }

  @Test
  void oneInstanceHasNoPrefixAndLongOutputsAreReadFromTheirEnd() {
    twoInstances();
    output(UUID_A, "a line of some length\n".repeat(20_000) + "the last\n");
    Run run = Run.of(server, "logs", "web", "--task", "3f2a", "-n", "3");
    assertThat(run.lines())
        .containsExactly("a line of some length", "a line of some length", "the last");
    Run json = Run.of(server, "logs", "web", "--task", "3f2a", "-n", "1", "--json");
    assertThat(json.json().at("line").text()).isEqualTo("the last");
    Run many = Run.of(server, "logs", "web", "--task", "3f2a", "-n", "7000");
    assertThat(many.lines()).hasSize(7000).first().isEqualTo("a line of some length");
  }

  @Test
  void nothingThatRunsShowsWhatTheLastFailedTaskWrote() {
    server.on("GET /v2/apps/web", app("/web", 1, V1)).on("GET /api/v1/tasks?app=%2Fweb", tasks());
    output(UUID_B, "the end\n");
    Run run = Run.of(server, "logs", "web");
    assertThat(run.out()).isEqualTo("the end\n");
    assertThat(run.err()).contains("No instance of /web runs");
  }

  @Test
  void followingShowsNewLinesNewInstancesAndRotatedFiles(@TempDir Path directory)
      throws IOException, InterruptedException {
    twoInstances();
    server.on("GET /api/v1/tasks?app=%2Fweb", tasks(task("/web", UUID_A, "running", "true", V1)));
    GrowingFile first = output(UUID_A, "before\n");
    Path said = directory.resolve("out");
    Process logs = start(said, "logs", "web", "-f", "-n", "1");
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.readString(said).contains("before"));
    first.content = "before\nhalf";
    int asked = server.lines().size();
    await().atMost(20, TimeUnit.SECONDS).until(() -> server.lines().size() > asked + 3);
    assertThat(Files.readString(said)).doesNotContain("half");
    first.content = "before\nhalf and half\nwhole\n";
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(said).contains("half and half\nwhole\n"));
    output(UUID_B, "from the new one\n");
    twoInstances();
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(said).contains("web.77b1 | from the new one\n"));
    first.content = "rotated\n";
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(said).contains("web.3f2a | rotated\n"));
    interrupt(logs);
    assertThat(logs.exitValue()).isEqualTo(130);
    assertThat(Files.readString(said)).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void interruptingADeploymentDetachesAndSaysSo(@TempDir Path directory)
      throws IOException, InterruptedException {
    server
        .on("PUT /v2/apps/web?partialUpdate=false", Answers.RESULT)
        .on("GET /api/v1/deployments/" + Answers.DEPLOYMENT, deployment("running", 1, ""))
        .on("GET /v2/apps/web", app("/web", 1, Answers.V2))
        .on("GET /api/v1/tasks?app=%2Fweb", tasks());
    Path file =
        Files.writeString(directory.resolve("web.json"), "{\"id\":\"/web\",\"instances\":1}");
    Path said = directory.resolve("out");
    Process deploy = start(said, "deploy", file.toString());
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(said).contains("/web  0/1 ready"));
    interrupt(deploy);
    assertThat(deploy.exitValue()).isEqualTo(130);
    assertThat(Files.readString(said))
        .endsWith(
            "Detached; the deployment goes on at the server. See `slipway deployments`;"
                + " go back with `slipway rollback /web`\n");
  }

  @Test
  void eventsAreShownAsTheyComeAndFiltered() {
    server.streaming(
        "GET /v2/events?event_type=status_update_event&event_type=deployment_success",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          try (var out = exchange.getResponseBody()) {
            out.write(
                """
                :alive

                event: status_update_event
                data: {"eventType":"status_update_event","timestamp":"T1","appId":"/web","taskStatus":"TASK_RUNNING"}

                event: deployment_success
                data: {"eventType":"deployment_success","timestamp":"T2","plan":{"id":"d-1"}}

                """
                    .getBytes(StandardCharsets.UTF_8));
          }
        });
    List<EventStream.Event> events = new ArrayList<>();
    String query = "?event_type=status_update_event&event_type=deployment_success";
    try (var stream =
        Api.of(java.net.URI.create(server.url())).stream(
            "/v2/events" + query, "text/event-stream", 5_000)) {
      assertThat(new EventStream(stream).forEach(events::add)).isTrue();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(events)
        .extracting(EventStream.Event::type)
        .containsExactly("status_update_event", "deployment_success");
  }

  @Test
  void theEventsCommandShowsEachEventAndReconnects(@TempDir Path directory)
      throws IOException, InterruptedException {
    server.streaming(
        "GET /v2/events",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var out = exchange.getResponseBody()) {
            out.write(
                "event: x\ndata: {\"timestamp\":\"T1\",\"appId\":\"/web\",\"plan\":{\"id\":\"d-1\"}}\n\n"
                    .getBytes(StandardCharsets.UTF_8));
          }
        });
    Path said = directory.resolve("out");
    Process events = start(said, "events");
    String line = "T1  x  appId=/web  deployment=d-1\n";
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () -> Files.readString(said).split(java.util.regex.Pattern.quote(line), -1).length > 2);
    assertThat(Files.readString(said)).contains("The stream of events broke; asking again");
    interrupt(events);
    assertThat(events.exitValue()).isEqualTo(130);
  }

  private Process start(Path output, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // A shell that starts a build in the background has it ignore SIGINT, and a JVM
                // that finds it ignored leaves it so.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.slipway.cli.Main"));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("SLIPWAY_URL", server.url());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder.start();
  }

  /// As a terminal does on Ctrl-C.
  private static void interrupt(Process process) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor())
        .isZero();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
