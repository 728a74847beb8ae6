package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Checks beside the ordinary health checks: for readiness, for show, after a delay; and checks
/// that all fail at once.
class CheckTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("check");
  private static final int APPS = 5;

  private final RunningServer server = SHARED.get();

  private JsonNode task(String app) {
    return server.client().json("/v2/apps" + app + "/tasks").path("tasks").path(0);
  }

  /// The JDK's own web server on the task's port.
  private static App webServer(String id, String address, String before) {
    String line =
        before + " exec \"$JAVA_HOME/bin/jwebserver\" -b " + address + " -p $PORT0 -d \"$PWD\"";
    return App.running(id, line)
        .with("mem", 128)
        .with("portDefinitions", List.of(Map.of("port", 0, "name", "http")));
  }

  @Test
  void aCheckForShowIsShownAndEndsNobody() {
    server.createAndAwait(
        App.sleeping("/shown")
            .with(
                "check",
                Map.of(
                    "exec",
                    Map.of("command", Map.of("shell", "exit 3")),
                    "intervalSeconds",
                    1,
                    "timeoutSeconds",
                    5,
                    "delaySeconds",
                    0)));
    String id = server.tasks("/shown").only().id();

    Eventually.holds(
        "the result is shown",
        () -> assertThat(task("/shown").path("checkResult").toString()).contains("\"exitCode\":3"));
    assertThat(server.tasks("/shown").only().id()).isEqualTo(id);
    assertThat(task("/shown").path("state").asString()).isEqualTo("TASK_RUNNING");
  }

  @Test
  void aDeploymentWaitsUntilANewInstanceSaysThatItIsReady() {
    Map<String, Object> check =
        Map.of(
            "path",
            "/go.txt",
            "portName",
            "http",
            "intervalSeconds",
            1,
            "timeoutSeconds",
            0.9,
            "preserveLastResponse",
            true);
    String deployment =
        server.create(
            webServer("/ready", "127.0.0.1", "(sleep 4; echo ok > go.txt) &")
                .with("readinessChecks", List.of(check)));

    Eventually.holds(
        "it says that it is not ready",
        () -> {
          JsonNode result =
              server
                  .client()
                  .json("/v2/deployments")
                  .path(0)
                  .path("currentActions")
                  .path(0)
                  .path("readinessCheckResults")
                  .path(0);
          assertThat(result.path("ready").asBoolean(true)).isFalse();
          assertThat(result.path("lastResponse").path("status").asInt()).isEqualTo(404);
        });
    server.awaitSuccess(deployment);
  }

  @Test
  void aTaskMayBeAskedAfterADelay() {
    Map<String, Object> check =
        Map.of(
            "protocol",
            "MESOS_HTTP",
            "delaySeconds",
            1,
            "intervalSeconds",
            0.5,
            "timeoutSeconds",
            5);
    server.createAndAwait(
        webServer("/delayed", "127.0.0.1", "").with("healthChecks", List.of(check)));

    JsonNode shown = server.client().json("/v2/apps/delayed").path("app");
    assertThat(shown.path("tasksHealthy").asInt()).isEqualTo(1);
    assertThat(shown.path("healthChecks").path(0).path("protocol").asString())
        .isEqualTo("MESOS_HTTP");
    assertThat(shown.path("healthChecks").path(0).path("delaySeconds").asInt()).isEqualTo(1);
  }

  @Test
  void checksThatAllFailAtOnceEndNobody() throws IOException {
    var status = new AtomicInteger(200);
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer shared = HttpServer.create(loopback, 0);
    shared.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    shared.start();
    try {
      Map<String, Object> check =
          Map.of(
              "protocol",
              "HTTP",
              "port",
              shared.getAddress().getPort(),
              "intervalSeconds",
              1,
              "timeoutSeconds",
              5,
              "maxConsecutiveFailures",
              4);
      for (int i = 0; i < APPS; i++) {
        server.createAndAwait(App.sleeping("/all-" + i).with("healthChecks", List.of(check)));
      }
      Set<String> before = ids();

      status.set(500);
      Eventually.so("it is noticed", () -> server.log().contains("health.breaker.open"));
      Eventually.holds(
          "each has failed more often than it may",
          () -> {
            for (int i = 0; i < APPS; i++) {
              JsonNode result = task("/all-" + i).path("healthCheckResults").path(0);
              assertThat(result.path("consecutiveFailures").asInt()).isGreaterThan(4);
            }
          });
      assertThat(ids()).isEqualTo(before);

      status.set(200);
      Eventually.so("it is over", () -> server.log().contains("health.breaker.closed"));
      assertThat(ids()).isEqualTo(before);
    } finally {
      shared.stop(0);
    }
  }

  private Set<String> ids() {
    var ids = new TreeSet<String>();
    for (int i = 0; i < APPS; i++) {
      ids.addAll(server.tasks("/all-" + i).ids());
    }
    return ids;
  }
}
