package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Instance;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tasks that have an address each, from the engine through the whole server to its clients.
class TaskAddressesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path data;
  private final LoopbackEngine engine = new LoopbackEngine();
  private int port;
  private Server server;

  @BeforeEach
  void start() throws IOException {
    port = freePort();
    server = serve();
  }

  @AfterEach
  void stop() {
    server.close();
    engine.end();
  }

  private Server serve() throws IOException {
    return Server.start(
        ServerSettings.in(data).listening("127.0.0.1", 0),
        why -> {},
        means -> new EngineParts(engine, "none", "localhost", 1));
  }

  /// One that nobody has at the address that the first task gets.
  private static int freePort() throws IOException {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress("127.0.1.1", 0));
      return socket.getLocalPort();
    }
  }

  private JsonNode get(String path) {
    RawClient.Answer answer = new RawClient(server.uri().getPort()).get(path);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private void deploy(String app) {
    RawClient.Answer answer =
        new RawClient(server.uri().getPort())
            .send("POST", "/v2/apps", app, "Content-Type: application/json");
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  /// An app on a network, its first port without a host port, its second one with.
  private String app(String network, String check) {
    return """
    {"id": "web", "cmd": "serve", "cpus": 0.1, "mem": 16, "networks": [%s],
     "container": {"type": "MESOS", "portMappings": [%s]}, %s}
    """
        .formatted(
            network,
            network.contains("bridge")
                ? "{\"containerPort\": " + port + ", \"hostPort\": 0}"
                : """
                {"containerPort": %d, "name": "main"},
                {"containerPort": %d, "hostPort": 0, "name": "admin"}
                """
                    .formatted(port, port + 1),
            check);
  }

  private static String healthCheck(String target) {
    return """
    "healthChecks": [{"protocol": "HTTP", "path": "/", %s, "intervalSeconds": 1,
                      "gracePeriodSeconds": 0, "maxConsecutiveFailures": 0}]
    """
        .formatted(target);
  }

  private Instance instance() {
    return server.published().state().instancesOf(PathId.of("/web")).values().iterator().next();
  }

  private void awaitHealthy() {
    await().atMost(PATIENCE).until(() -> get("/v2/apps/web").at("/app/tasksHealthy").asInt(0) == 1);
  }

  private String address() {
    return engine.address(instance().id().task());
  }

  private static final String CONTAINER = "{\"mode\": \"container\", \"name\": \"pods\"}";

  @Test
  void aPortWithoutAHostPortIsCheckedAtTheTasksOwnAddress() {
    deploy(app(CONTAINER, healthCheck("\"portIndex\": 0")));
    awaitHealthy();

    JsonNode task = get("/v2/tasks").at("/tasks/0");
    String own = "[{\"ipAddress\":\"" + address() + "\",\"protocol\":\"IPv4\"}]";
    assertThat(task.at("/ipAddresses").toString()).isEqualTo(own);
    assertThat(task.at("/host").asString()).isEqualTo("localhost");
    assertThat(task.at("/ports")).hasSize(1);
    for (String path :
        new String[] {"/v2/apps/web/tasks", "/v2/apps?embed=apps.tasks", "/v2/apps/web"}) {
      assertThat(get(path).findValue("ipAddresses").toString()).as(path).isEqualTo(own);
    }
    assertThat(get("/api/v1/tasks").at("/tasks/0/addresses").toString())
        .isEqualTo("[\"" + address() + "\"]");
    assertThat(get("/state").findValue("network_infos").toString())
        .isEqualTo(
            "[{\"ip_addresses\":[{\"protocol\":\"IPv4\",\"ip_address\":\"" + address() + "\"}]}]");
  }

  @Test
  void aPortWithAHostPortIsCheckedAtTheNode() {
    deploy(app(CONTAINER, healthCheck("\"portIndex\": 1")));
    awaitHealthy();
  }

  @Test
  void aPortByItsNumberIsTheTasksOwn() {
    deploy(app(CONTAINER, healthCheck("\"port\": " + (port + 1))));
    awaitHealthy();
  }

  @Test
  void onABridgeTheHostPortIsChecked() {
    deploy(app("{\"mode\": \"container/bridge\"}", healthCheck("\"portIndex\": 0")));
    awaitHealthy();
    assertThat(get("/v2/tasks").findValue("ipAddress").asString()).isEqualTo(address());
  }

  @Test
  void readinessAndStatusAreAskedAtTheTasksOwnAddress() {
    deploy(
        app(
            CONTAINER,
            """
            "check": {"http": {"portIndex": 0, "path": "/"}, "intervalSeconds": 1,
                      "timeoutSeconds": 1, "delaySeconds": 1},
            "readinessChecks": [{"portName": "main", "path": "/", "intervalSeconds": 2,
                                 "timeoutSeconds": 1}]
            """));

    await().atMost(PATIENCE).until(() -> get("/v2/deployments").isEmpty());
    await()
        .atMost(PATIENCE)
        .until(() -> get("/v2/tasks").at("/tasks/0/checkResult/http/statusCode").asInt(0) == 200);
  }

  @Test
  void anotherAddressIsCheckedAndShownAndOutlivesTheServer() throws IOException {
    deploy(app(CONTAINER, healthCheck("\"portIndex\": 0")));
    awaitHealthy();
    String before = address();

    engine.move(instance().id().task());

    assertThat(address()).isNotEqualTo(before);
    await()
        .atMost(PATIENCE)
        .until(() -> get("/v2/tasks").findValue("ipAddress").asString().equals(address()));
    String checked = "/tasks/0/healthCheckResults/0/lastSuccess";
    String then = get("/v2/tasks").at(checked).asString();
    await()
        .atMost(PATIENCE)
        .until(() -> get("/v2/tasks").at(checked).asString().compareTo(then) > 0);

    server.close();
    server = serve();

    assertThat(instance().addresses()).containsExactly(address());
    awaitHealthy();
  }
}
