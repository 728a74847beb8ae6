package dev.slipway.server.marathon;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Each type of event with all its fields, as the stream tells it.
class EventsGoldenTest {
  private static final String WEB =
      """
      {"id": "/shop/web", "cmd": "serve", "cpus": 0.1, "mem": 16,
       "healthChecks": [{"protocol": "TCP"}],
       "portDefinitions": [{"port": 10100}], "requirePorts": true}
      """;

  private final Served served = new Served();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    client.shutdownNow();
    served.close();
  }

  private void listen(String query) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + served.server.port() + "/v2/events" + query))
            .header("Accept", "text/event-stream")
            .build();
    Thread.ofVirtual().start(() -> read(request));
    await().until(() -> served.api.listeners() == 1);
  }

  private void read(HttpRequest request) {
    try {
      client
          .send(request, BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith("data: "))
          .forEach(line -> told.add(line.substring("data: ".length())));
    } catch (IOException | UncheckedIOException ended) {
      told.add("{\"eventType\": \"ended\"}");
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private static String type(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8)).path("eventType").asString("");
  }

  /// The app in full has golden files of its own; here it is named.
  private static String withoutTheApp(String json) {
    var event = (ObjectNode) Json.read(json.getBytes(StandardCharsets.UTF_8));
    JsonNode app = event.get("appDefinition");
    if (app != null) {
      event.put("appDefinition", app.path("id").asString(""));
    }
    return Json.text(event);
  }

  private Instance instance() {
    return served.platform.instances("/shop/web").getFirst();
  }

  /// What happens to an app in its life, and to others meanwhile.
  private void much() {
    var platform = served.platform;
    served.send("POST", "/v2/apps?force=true", WEB);
    platform.settle();
    platform.apply(new Input.HealthSeen(instance().id(), true));
    var check = platform.state().app(instance().app()).orElseThrow().spec().healthChecks();
    served.api.healthCheckFailed(instance().id(), check.getFirst());
    platform.apply(new Input.HealthSeen(instance().id(), false));
    platform.apply(new Input.UnhealthySeen(instance().id(), "connection refused"));
    platform.settle();
    var end = new TaskEnd(TaskEnd.Reason.EXITED, Optional.of(1), Optional.empty(), "exited with 1");
    platform.pass(Duration.ofSeconds(60));
    platform.apply(new Input.Due(new TreeSet<>(List.of(instance().app()))));
    platform.settle();
    platform.see(instance().id().task(), new Status.Ended(end));
    var stray =
        new TaskId(
            new InstanceId("gone.instance-00000000-0000-0000-0000-000000000001").task().value());
    served.api.strayEnded(
        new TaskObservation(stray, new NodeId("n1"), platform.now(), new Status.Ended(end)));
    served.send("POST", "/v2/apps", WEB);
    served.send("PUT", "/v2/apps/shop/web?force=true", "{\"cpus\": 99}");
    var deployment = platform.state().deployments().keys().iterator().next();
    served.delete("/v2/deployments/" + deployment.value() + "?force=true");
    served.send("POST", "/v2/eventSubscriptions?callbackUrl=http://127.0.0.1:9/hook", "");
    served.delete("/v2/eventSubscriptions?callbackUrl=http://127.0.0.1:9/hook");
    served.delete("/v2/apps/shop/web?force=true");
    platform.settle();
  }

  @Test
  void everyTypeOfEventIsToldWithAllItsFields() throws IOException {
    listen("?plan-format=light");
    much();
    await()
        .until(
            () ->
                told.stream().filter(json -> type(json).equals("deployment_success")).count() == 2);
    Golden.check(
        "events.json",
        "[" + told.stream().map(EventsGoldenTest::withoutTheApp).collect(joining(",")) + "]");
    assertThat(told.stream().map(EventsGoldenTest::type).distinct())
        .containsExactlyInAnyOrder(
            "event_stream_attached",
            "api_post_event",
            "group_change_success",
            "add_health_check_event",
            "deployment_info",
            "deployment_step_success",
            "instance_changed_event",
            "status_update_event",
            "health_status_changed_event",
            "instance_health_changed_event",
            "deployment_success",
            "failed_health_check_event",
            "unhealthy_instance_kill_event",
            "unknown_instance_terminated_event",
            "group_change_failed",
            "deployment_step_failure",
            "deployment_failed",
            "subscribe_event",
            "unsubscribe_event",
            "remove_health_check_event",
            "app_terminated_event");
  }

  @Test
  void aPostThatHadToWaitIsToldWithTheAppThatItAskedFor() throws IOException {
    var platform = served.platform;
    listen("?event_type=api_post_event");
    String app = "{\"id\": \"/%s\", \"cmd\": \"%s\", \"cpus\": 0.1, \"mem\": 16}";
    served.send("POST", "/v2/apps", app.formatted("a", "first"));
    served.send("PUT", "/v2/apps/a?queue=true", app.formatted("a", "second"));
    served.send(
        "PUT",
        "/v2/groups?queue=true",
        "{\"id\": \"/\", \"apps\": [%s, %s]}"
            .formatted(app.formatted("a", "third"), app.formatted("b", "third")));
    served.send("PUT", "/v2/apps/b?queue=true", app.formatted("b", "new"));
    await().until(() -> told.size() == 1);
    assertThat(platform.state().plans().queue()).isNotEmpty();
    platform.settle();
    await().until(() -> told.size() == 3);

    assertThat(told.stream().map(EventsGoldenTest::posted))
        .containsExactlyInAnyOrder(
            "/v2/apps first", "/v2/apps/a?queue=true second", "/v2/apps/b?queue=true new");
  }

  private static String posted(String json) {
    JsonNode event = Json.read(json.getBytes(StandardCharsets.UTF_8));
    return event.get("uri").asString() + " " + event.at("/appDefinition/cmd").asString();
  }

  @Test
  void abdicatingEndsTheStreams() {
    listen("");
    served.delete("/v2/leader");
    await().until(() -> served.api.listeners() == 0);
  }
}
