package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OwnApiTest {
  private World world;
  private ApiFixture api;

  @BeforeEach
  void start() {
    world = World.withNodes(2, 1);
    api = new ApiFixture(world);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static void isProblem(RawClient.Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type").orElse("")).startsWith("application/problem+json");
    JsonNode body = Json.mapper().readTree(answer.body());
    assertThat(body.get("status").asInt()).isEqualTo(status);
    assertThat(body.get("title").asString()).isNotBlank();
    assertThat(body.get("detail").asString()).isNotBlank();
    assertThat(body.get("type").asString()).isEqualTo("about:blank");
  }

  @Test
  void infoTellsWhatTheServerIs() {
    JsonNode info = api.json("/api/v1/info");

    assertThat(info.get("version").asString()).isEqualTo("1.2.3");
    assertThat(info.get("platform").asString()).isEqualTo("platform");
    assertThat(info.get("epoch").asInt()).isEqualTo(7);
    assertThat(info.get("startedAt").asString()).isEqualTo("2026-03-01T08:00:00.000Z");
    assertThat(info.get("nodes").asInt()).isEqualTo(2);
    assertThat(info.get("isolation").asString()).isEqualTo("namespaces");
    assertThat(info.get("limits").get("httpBodyBytes").asLong()).isEqualTo(1048576);
  }

  @Test
  void nodesTellWhatTheyHaveAndWhatIsUsed() {
    world.put(World.app("/a", 0.5, 1));
    JsonNode node = api.json("/api/v1/nodes").get("nodes").get(0);

    assertThat(node)
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"id":"n1","hostname":"host1","address":"10.0.0.1","state":"ready",
                     "since":"2026-03-01T10:00:00.000Z","attributes":{"rack":"r1"},"dedicated":[],
                     "capacity":{"cpus":1.0,"mem":1024.0,"disk":10000.0,"gpus":0},
                     "offered":{"cpus":1.0,"mem":1024.0,"disk":10000.0,"gpus":0},
                     "used":{"cpus":0.5,"mem":32.0,"disk":0.0,"gpus":0},"instances":1,
                     "disruptionRisk":"none","pressure":{"level":"none"}}
                    """));
  }

  @Test
  void aClosedNodeTellsWhyAndAFullOneHowManyItHolds() {
    Node first = world.state().nodes().byId().values().iterator().next().node();
    world.tell(
        new Input.NodeSeen(first.closed(Optional.of("cordoned")).holding(OptionalInt.of(110))));
    world.put(World.app("/a", 0.5, 3));

    JsonNode node = api.json("/api/v1/nodes").get("nodes").get(0);
    assertThat(node.get("state").asString()).isEqualTo("closed");
    assertThat(node.get("closed").asString()).isEqualTo("cordoned");
    assertThat(node.get("mostTasks").asInt()).isEqualTo(110);
    JsonNode explained = api.json("/api/v1/apps/a/explain");
    assertThat(explained.get("waits").toString())
        .contains("no node has room: 1 node is closed to new tasks, 1 lacks cpus");
    assertThat(explained.get("nodes").get(0).get("reason").asString()).isEqualTo("NODE_CLOSED");
    assertThat(explained.get("remedies").get(0).get("text").asString())
        .isEqualTo("open to new tasks again n1 (cordoned)");
  }

  @Test
  void aNodeIsDrainedAndUsedAgain() {
    var drained = api.client.send("POST", "/api/v1/nodes/n1/drain", "");
    assertThat(drained.status()).isEqualTo(200);
    assertThat(Json.mapper().readTree(drained.body()).get("state").asString())
        .isEqualTo("draining");
    assertThat(world.state().nodes().byId().values().iterator().next().draining()).isTrue();

    var undone = api.client.send("DELETE", "/api/v1/nodes/n1/drain", Optional.empty());
    assertThat(Json.mapper().readTree(undone.body()).get("state").asString()).isEqualTo("ready");
    isProblem(api.client.send("POST", "/api/v1/nodes/n9/drain", ""), 404);
  }

  @Test
  void evictionsThatManySilentNodesPausedAreToldAndResumed() {
    assertThat(api.json("/api/v1/nodes").has("evictionsPaused")).isFalse();
    assertThat(api.client.get("/metrics/prometheus").body())
        .contains("slipway_evictions_paused 0.0");
    isProblem(api.client.send("POST", "/api/v1/nodes/resume-evictions", ""), 409);
    Node first = world.state().nodes().byId().values().iterator().next().node();
    for (String id : List.of("n3", "n4", "n5")) {
      world.tell(new Input.NodeSeen(renamed(first, id)));
      world.tell(new Input.NodeSilent(new NodeId(id), "no answer"));
    }

    JsonNode paused = api.json("/api/v1/nodes").get("evictionsPaused");
    assertThat(paused.get("reason").asString()).isEqualTo("3 of 5 nodes went silent within 60 s");
    assertThat(paused.get("since").asString()).isEqualTo("2026-03-01T10:00:00.000Z");
    assertThat(paused.get("silent").toString()).isEqualTo("[\"n3\",\"n4\",\"n5\"]");
    assertThat(api.client.get("/metrics/prometheus").body())
        .contains("slipway_evictions_paused 1.0");

    var resumed = api.client.send("POST", "/api/v1/nodes/resume-evictions", "");
    assertThat(resumed.status()).isEqualTo(204);
    assertThat(api.json("/api/v1/nodes").has("evictionsPaused")).isFalse();
  }

  private static Node renamed(Node node, String id) {
    return new Node(
        new NodeId(id),
        id,
        node.address(),
        node.capacity(),
        node.dynamicPorts(),
        node.fixedPorts(),
        node.attributes());
  }

  @Test
  void explainTellsNodeByNodeWhyAnAppWaits() {
    world.put(World.app("/shop/cart", 2, 2));
    JsonNode explained = api.json("/api/v1/apps/shop/cart/explain");

    assertThat(explained.get("app").asString()).isEqualTo("/shop/cart");
    assertThat(explained.get("instances").asInt()).isEqualTo(2);
    assertThat(explained.get("waiting").asInt()).isEqualTo(2);
    assertThat(explained.get("running").asInt()).isZero();
    assertThat(explained.get("waits")).hasSize(2);
    assertThat(explained.get("waits").get(0).get("reason").asString())
        .isEqualTo("no node has room: 2 nodes lack cpus");
    JsonNode node = explained.get("nodes").get(1);
    assertThat(node.get("node").asString()).isEqualTo("n2");
    assertThat(node.get("fits").asBoolean()).isFalse();
    assertThat(node.get("reason").asString()).isEqualTo("INSUFFICIENT_CPUS");
    assertThat(node.get("detail").asString()).isEqualTo("cpus 1 free < 2 requested");
    assertThat(explained.get("nearestFit").asString()).contains("cpus 1");
    assertThat(explained.get("reasons").get("INSUFFICIENT_CPUS").asInt()).isEqualTo(2);
    assertThat(explained.get("remedies").valueStream().map(one -> one.get("text").asString()))
        .containsExactly(
            "free cpus 1 on n1, or ask for so much less",
            "add a node with at least cpus 2, mem 32 MiB");
    assertThat(explained.has("backoff")).isFalse();
    assertThat(explained.has("lastFailure")).isFalse();
  }

  @Test
  void explainShowsThePartOfTheNodesThatIsAskedFor() {
    world.put(World.app("/a", 2, 1));
    JsonNode explained = api.json("/api/v1/apps/a/explain?offset=1&limit=1");

    assertThat(explained.get("nodes").valueStream().map(node -> node.get("node").asString()))
        .containsExactly("n2");
    assertThat(explained.get("nodesInAll").asInt()).isEqualTo(2);
    isProblem(api.client.get("/api/v1/apps/a/explain?limit=-1"), 400);
    isProblem(api.client.get("/api/v1/apps/a/explain?limit=10001"), 400);
    isProblem(api.client.get("/api/v1/apps/a/explain?offset=x"), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/apps/shop/cart/explain",
        "/api/v1/apps//shop/cart/explain",
        "/api/v1/apps/shop%2Fcart/explain",
        "/api/v1/apps/%2Fshop%2Fcart/explain"
      })
  void anAppIsFoundHoweverItsSlashesAreWritten(String target) {
    world.put(World.app("/shop/cart", 1, 1));

    assertThat(api.json(target).get("app").asString()).isEqualTo("/shop/cart");
  }

  @Test
  void explainTellsOfTheLastFailureAndTheDelay() {
    world.put(World.app("/a", 1, 1));
    Instance failed = world.instance("/a");
    world.running(failed);
    world.ended(
        failed,
        new TaskEnd(TaskEnd.Reason.EXITED, Optional.of(3), Optional.empty(), "exited with code 3"));
    JsonNode explained = api.json("/api/v1/apps/a/explain");

    assertThat(explained.get("backoff").get("delaySeconds").asDouble()).isEqualTo(1);
    assertThat(explained.get("backoff").get("until").asString())
        .isEqualTo("2026-03-01T10:00:01.000Z");
    JsonNode last = explained.get("lastFailure");
    assertThat(last.get("task").asString()).isEqualTo(failed.id().task().value());
    assertThat(last.get("node").asString()).isEqualTo("n1");
    assertThat(last.get("exitCode").asInt()).isEqualTo(3);
    assertThat(last.get("failures").asInt()).isEqualTo(1);
    assertThat(last.get("message").asString()).isEqualTo("exited with code 3");
    assertThat(last.has("signal")).isFalse();
  }

  @Test
  void whatDoesNotExistIsAProblem() {
    isProblem(api.client.get("/api/v1/apps/nope/explain"), 404);
    isProblem(api.client.get("/api/v1/apps/UPPER/explain"), 400);
    isProblem(api.client.get("/api/v1/deployments/nope"), 404);
    isProblem(api.client.get("/api/v1/deployments/" + "x".repeat(100)), 404);
    isProblem(api.client.get("/api/v1/tasks?app=-"), 400);
    isProblem(api.client.send("DELETE", "/api/v1/artifacts/nope", Optional.empty()), 404);
  }

  @Test
  void aDeploymentIsFollowedFromStartToEnd() {
    world.put(World.app("/a", 1, 1));
    String id = world.state().deployments().keys().iterator().next().value();
    JsonNode running = api.json("/api/v1/deployments/" + id);

    assertThat(running.get("state").asString()).isEqualTo("running");
    assertThat(running.get("step").asInt()).isEqualTo(2);
    assertThat(running.get("steps").asInt()).isEqualTo(2);
    assertThat(running.get("apps").get(0).asString()).isEqualTo("/a");
    assertThat(running.get("actions"))
        .isEqualTo(
            Json.mapper()
                .readTree("[{\"action\":\"ScaleApplication\",\"app\":\"/a\",\"done\":false}]"));
    assertThat(running.get("waits")).hasSize(1);
    assertThat(running.has("endedAt")).isFalse();

    world.pass(Duration.ofSeconds(2));
    world.allRun("/a");
    JsonNode ended = api.json("/api/v1/deployments/" + id);
    assertThat(ended.get("state").asString()).isEqualTo("succeeded");
    assertThat(ended.get("endedAt").asString()).isEqualTo("2026-03-01T10:00:02.000Z");
    assertThat(ended.get("actions").get(0).get("done").asBoolean()).isTrue();
    assertThat(ended.get("waits")).isEmpty();
  }

  @Test
  void runningDeploymentsComeFirstThenTheNewestOfThoseThatEnded() {
    for (String app : List.of("/one", "/two")) {
      world.put(World.app(app, 0.1, 1));
      world.allRun(app);
      world.pass(Duration.ofSeconds(1));
    }
    world.put(World.app("/stuck", 5, 1));
    JsonNode deployments = api.json("/api/v1/deployments").get("deployments");

    assertThat(deployments.valueStream().map(one -> one.get("apps").get(0).asString()))
        .containsExactly("/stuck", "/two", "/one");
    assertThat(deployments.valueStream().map(one -> one.get("state").asString()))
        .containsExactly("running", "succeeded", "succeeded");
  }

  @Test
  void howADeploymentEndedIsTold() {
    world.put(World.app("/a", 5, 1));
    var first = world.state().deployments().keys().iterator().next();
    world.tell(new Input.CancelDeployment(first, true));
    world.put(World.app("/b", 5, 1));
    var second = world.state().deployments().keys().iterator().next();
    world.put(World.app("/b", 6, 1));

    assertThat(api.json("/api/v1/deployments/" + first).get("state").asString())
        .isEqualTo("cancelled");
    assertThat(api.json("/api/v1/deployments/" + first).get("reason").asString()).isNotBlank();
    assertThat(api.json("/api/v1/deployments/" + second).get("state").asString())
        .isEqualTo("superseded");
  }

  @Test
  void aDeploymentTellsOfFailuresOfWhatItBrings() {
    world.put(World.app("/a", 0.1, 1));
    world.allRun("/a");
    world.pass(Duration.ofSeconds(1));
    world.put(World.app("/a", 0.2, 1));
    String id = world.state().deployments().keys().iterator().next().value();
    assertThat(api.json("/api/v1/deployments/" + id).get("failures")).isEmpty();

    Instance fresh =
        world.instances("/a").stream()
            .filter(one -> one.place().isPresent() && one.startedAt().isEmpty())
            .findFirst()
            .orElseThrow();
    world.ended(fresh, TaskEnd.of(TaskEnd.Reason.FETCH_FAILED, "http://x/y.tgz: 404"));
    JsonNode failure = api.json("/api/v1/deployments/" + id).get("failures").get(0);

    assertThat(failure.get("app").asString()).isEqualTo("/a");
    assertThat(failure.get("count").asInt()).isEqualTo(1);
    assertThat(failure.get("task").asString()).isEqualTo(fresh.id().task().value());
    assertThat(failure.get("reason").asString()).isEqualTo("FETCH_FAILED");
    assertThat(failure.get("message").asString()).isEqualTo("http://x/y.tgz: 404");
    assertThat(failure.has("exitCode")).isFalse();
  }

  @Test
  void tasksTellWhereTheyAreAndWhatTheyUse() {
    world.put(World.app("/shop/cart", 0.5, 1), World.app("/shopping", 5, 1));
    Instance instance = world.instance("/shop/cart");
    world.running(instance);
    var task = instance.id().task();
    world.usage.take(List.of(new UsageSample(task, world.now(), 1, 0, 0, 1)));
    world.pass(Duration.ofSeconds(10));
    world.usage.take(List.of(new UsageSample(task, world.now(), 6, 16 << 20, 32 << 20, 4)));
    JsonNode tasks = api.json("/api/v1/tasks?app=/shop").get("tasks");

    assertThat(tasks).hasSize(1);
    assertThat(tasks.get(0))
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"id":"%s","app":"/shop/cart","node":"n1","state":"running",
                     "since":"2026-03-01T10:00:00.000Z","version":"%s","outdated":false,"ports":[],"host":"host1",
                     "addresses":[],
                     "healthy":null,
                     "usage":{"cpus":0.5,"cpuSeconds":6.0,"mem":16.0,"memLimit":32.0,"processes":4},
                     "requested":{"cpus":0.5,"mem":32.0,"disk":0.0,"gpus":0}}
                    """
                        .formatted(
                            task, dev.slipway.core.app.Timestamps.format(instance.version()))));
    assertThat(api.json("/api/v1/tasks").get("tasks")).hasSize(2);
    assertThat(api.json("/api/v1/tasks?app=/none").get("tasks")).isEmpty();
  }

  @Test
  void aTaskOnNoNodeIsShownAsScheduled() {
    world.put(World.app("/big", 5, 1));
    JsonNode task = api.json("/api/v1/tasks").get("tasks").get(0);

    assertThat(task.get("state").asString()).isEqualTo("scheduled");
    assertThat(task.has("node")).isFalse();
    assertThat(task.get("requested").get("cpus").asDouble()).isEqualTo(5);
    assertThat(world.state().waiting().get(PathId.of("/big"))).isEqualTo(1);
  }

  @Test
  void artifactsAreKeptListedAndRemoved() {
    var put = api.client.send("PUT", "/api/v1/artifacts/code.tgz", "x".repeat(2_000_000));
    assertThat(put.status()).isEqualTo(201);
    assertThat(Json.mapper().readTree(put.body()).get("uri").asString())
        .isEqualTo("slipway://code.tgz");
    JsonNode listed = api.json("/api/v1/artifacts").get("artifacts").get(0);
    assertThat(listed.get("name").asString()).isEqualTo("code.tgz");
    assertThat(listed.get("size").asLong()).isEqualTo(2_000_000);
    assertThat(listed.get("createdAt").asString()).isEqualTo("2026-03-01T10:00:00.000Z");

    assertThat(api.client.send("DELETE", "/api/v1/artifacts/code.tgz", Optional.empty()).status())
        .isEqualTo(204);
    assertThat(api.json("/api/v1/artifacts").get("artifacts")).isEmpty();
    isProblem(api.client.send("PUT", "/api/v1/artifacts/big", "x".repeat(5_000_001)), 413);
  }
}
