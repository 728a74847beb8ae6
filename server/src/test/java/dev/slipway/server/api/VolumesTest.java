package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Volume;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.server.http.Json;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class VolumesTest {
  private World world;
  private ApiFixture api;

  @BeforeEach
  void start() {
    world = new World();
    world.tell(
        new Input.NodeSeen(
            new Node(
                new NodeId("n1"),
                "host1",
                "10.0.0.1",
                Resources.of(4, 1024, 10_000, 0),
                new PortRange(31000, 31999),
                new PortRange(1, 65535),
                new TreeMap<>(),
                new TreeSet<>(List.of(NodeFeature.PERSISTENT_VOLUMES)))));
    api = new ApiFixture(world);
    world.put(database(1));
    world.running(world.instance("/db"));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static AppSpec database(int instances) {
    var data =
        new Volume.Persistent(
            "data", Volume.Disk.ROOT, 100, Optional.empty(), Optional.empty(), List.of());
    var container =
        new Container(
            Container.Kind.MESOS, Optional.empty(), List.of(data), List.of(), Optional.empty());
    return World.app("/db", 0.5, instances).toBuilder().container(Optional.of(container)).build();
  }

  private VolumeId volume() {
    return world.instance("/db").place().orElseThrow().volumes().getFirst();
  }

  @Test
  void tellWhoseTheyAreAndWhere() {
    Instance instance = world.instance("/db");
    JsonNode listed = api.json("/api/v1/volumes").get("volumes");

    assertThat(listed).hasSize(1);
    assertThat(listed.get(0))
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"id":"%s","app":"/db","containerPath":"data","node":"n1","size":100.0,
                     "state":"attached","instance":"%s",
                     "createdAt":"2026-03-01T10:00:00.000Z","since":"2026-03-01T10:00:00.000Z"}
                    """
                        .formatted(volume(), instance.id())));
    assertThat(api.json("/api/v1/volumes/" + volume())).isEqualTo(listed.get(0));
    assertThat(api.json("/api/v1/volumes?app=/other").get("volumes")).isEmpty();
    assertThat(api.client.get("/api/v1/volumes?app=/A").status()).isEqualTo(400);
  }

  @Test
  void areDeletedOnlyWhenNoInstanceHasThem() {
    VolumeId id = volume();
    String path = "/api/v1/volumes/" + id;
    assertThat(api.client.send("DELETE", path, Optional.empty()).status()).isEqualTo(409);

    Instance instance = world.instance("/db");
    world.put(database(0));
    world.ended(instance, TaskEnd.of(TaskEnd.Reason.KILLED, "ended as ordered"));
    var answer = api.client.send("DELETE", path, Optional.empty());
    assertThat(answer.status()).isEqualTo(202);
    assertThat(Json.mapper().readTree(answer.body()).get("state").asString()).isEqualTo("deleting");

    world.tell(new Input.VolumeDestroyed(instance.app(), id));
    assertThat(api.client.get(path).status()).isEqualTo(404);
    assertThat(api.client.send("DELETE", path, Optional.empty()).status()).isEqualTo(404);
  }

  @Test
  void keepTheirNodeFromBeingEmptiedWhichItSays() {
    world.submit(new Input.DrainNode(new NodeId("n1"), true));

    JsonNode node = api.json("/api/v1/nodes/n1");
    assertThat(node.get("node").get("state").asString()).isEqualTo("draining");
    assertThat(node.get("remaining").get(0).get("stays").asBoolean()).isTrue();
    assertThat(node.get("remaining").get(0).get("why").asString())
        .startsWith("stays: its volumes are here");
  }

  @Test
  void outliveANodeThatIsGivenUp() {
    String path = "/api/v1/nodes/n1";
    assertThat(api.client.send("DELETE", path, Optional.empty()).status()).isEqualTo(409);
    VolumeId id = volume();
    world.tell(new Input.NodeSilent(new NodeId("n1"), "no answer"));

    assertThat(api.client.send("DELETE", path, Optional.empty()).status()).isEqualTo(204);
    assertThat(api.client.send("DELETE", path, Optional.empty()).status()).isEqualTo(404);

    assertThat(api.json("/api/v1/volumes/" + id).get("state").asString()).isEqualTo("detached");
  }
}
