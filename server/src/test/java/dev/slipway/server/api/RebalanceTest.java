package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RebalanceTest {
  private static final String PATH = "/api/v1/placement/rebalance";

  private final World world = World.withNodes(3, 1);
  private final ApiFixture api = new ApiFixture(world);

  /// `/a` and `/c` each alone on a node that has room for both.
  @BeforeEach
  void tear() {
    world.put(World.app("/a", 0.4, 1));
    world.put(World.app("/b", 0.6, 1));
    world.put(World.app("/c", 0.4, 1));
    world.allRun("/a");
    world.allRun("/b");
    world.allRun("/c");
    world.tell(new Input.RemoveApp(PathId.of("/b"), true));
    for (Instance left : world.instances("/b")) {
      world.ended(left, TaskEnd.of(TaskEnd.Reason.KILLED, "killed"));
    }
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void isIdleUntilSomebodyAsks() {
    JsonNode idle = api.json(PATH);

    assertThat(idle.get("state").asString()).isEqualTo("idle");
    assertThat(idle.get("planned")).isEmpty();
    assertThat(send("DELETE", "").status()).isEqualTo(404);
  }

  @Test
  void tellsWhatItWouldDoAndDoesNothing() {
    RawClient.Answer answer = send("POST", "?dryRun=true");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode plan = json(answer);
    assertThat(plan.get("nodesFreed").asInt()).isEqualTo(1);
    assertThat(plan.get("moves")).hasSize(1);
    JsonNode move = plan.get("moves").get(0);
    assertThat(move.get("cause").asString()).isEqualTo("empty_node");
    assertThat(move.get("why").asString()).isEqualTo("empties " + move.get("from").asString());
    assertThat(plan.get("moved").get("cpus").asDouble()).isEqualTo(0.4);
    assertThat(world.state().rebalancing().run()).isEmpty();
    assertThat(send("POST", "?dryRun=perhaps").status()).isEqualTo(400);
  }

  @Test
  void movesTellsHowFarItIsAndEnds() {
    RawClient.Answer begun = send("POST", "");
    assertThat(begun.status()).isEqualTo(202);
    JsonNode move = json(begun).get("moves").get(0);
    String app = move.get("app").asString();

    JsonNode going = api.json(PATH);
    assertThat(going.get("state").asString()).isEqualTo("moving");
    assertThat(going.get("moving").get(0).get("move")).isEqualTo(move);
    assertThat(going.get("moving").get(0).has("replacement")).isTrue();
    RawClient.Answer again = send("POST", "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(json(again).get("detail").asString()).contains("A rebalancing goes on");

    world.allRun(app);
    world.instances(app).stream()
        .filter(one -> one.kill().isPresent())
        .forEach(one -> world.ended(one, TaskEnd.of(TaskEnd.Reason.KILLED, "killed")));

    JsonNode ended = api.json(PATH);
    assertThat(ended.get("state").asString()).isEqualTo("ended");
    assertThat(ended.get("done").asInt()).isEqualTo(1);
    assertThat(ended.get("outcomes").get(0).get("done").asBoolean()).isTrue();
    assertThat(ended.get("endedBecause").asString())
        .isEqualTo("no node can be emptied onto those in use");
    assertThat(
            world
                .state()
                .node(new NodeId(move.get("from").asString()))
                .orElseThrow()
                .instances()
                .isEmpty())
        .isTrue();
    assertThat(send("POST", "").status()).isEqualTo(200);
  }

  @Test
  void isStopped() {
    send("POST", "");

    RawClient.Answer stopped = send("DELETE", "");
    assertThat(stopped.status()).isEqualTo(202);
    assertThat(json(stopped).get("state").asString()).isEqualTo("stopping");
  }

  private RawClient.Answer send(String method, String query) {
    return api.client.send(method, PATH + query, "", "Content-Type: application/json");
  }

  private static JsonNode json(RawClient.Answer answer) {
    return Json.mapper().readTree(answer.body());
  }
}
