package dev.slipway.server.marathon.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.server.http.Json;
import dev.slipway.server.marathon.MemoryPlatform;
import dev.slipway.server.marathon.json.AppReading;
import dev.slipway.server.marathon.json.Faults;
import dev.slipway.server.marathon.json.Fields;
import dev.slipway.server.marathon.json.ShownInstances;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which events follow from what happens, in which order and with what in them.
class EventMappingTest {
  private final MemoryPlatform platform = MemoryPlatform.withNodes();
  private final List<MarathonEvent> events = new ArrayList<>();

  @BeforeEach
  void listen() {
    platform.listen(transition -> events.addAll(EventMapping.of(transition)));
  }

  private void deploy(String json) {
    var body = Json.read(json.getBytes(StandardCharsets.UTF_8));
    var fields = Fields.of(body, new Faults()).orElseThrow();
    var update = AppReading.read(fields, PathId.ROOT);
    AppChange change = update.partial(update.id().orElseThrow(), ShownInstances.NONE);
    platform.submit(new Input.ChangeApps(List.of(change), Input.Expectation.ANY, false));
  }

  private void deployed() {
    deploy(
        """
        {"id": "/shop/web", "cmd": "serve", "cpus": 0.1, "mem": 16,
         "healthChecks": [{"protocol": "TCP"}],
         "portDefinitions": [{"port": 10100}], "requirePorts": true}
        """);
    platform.settle();
    platform.apply(new Input.HealthSeen(instance().id(), true));
  }

  private Instance instance() {
    return platform.instances("/shop/web").getFirst();
  }

  private List<String> types() {
    return events.stream().map(MarathonEvent::type).toList();
  }

  private MarathonEvent first(String type) {
    return events.stream().filter(event -> event.type().equals(type)).findFirst().orElseThrow();
  }

  @Test
  void aDeploymentIsToldFromTheChangeToTheSuccess() {
    deployed();
    assertThat(types())
        .containsExactly(
            "group_change_success",
            "add_health_check_event",
            "deployment_info",
            "deployment_step_success",
            "deployment_info",
            "instance_changed_event", // Scheduled
            "instance_changed_event", // Provisioned
            "status_update_event", // TASK_STAGING
            "instance_changed_event",
            "status_update_event", // TASK_RUNNING
            "instance_changed_event",
            "health_status_changed_event",
            "instance_health_changed_event",
            "deployment_step_success",
            "deployment_success");
    assertThat(first("group_change_success").fields())
        .containsEntry("groupId", "/shop")
        .containsEntry("version", "2026-01-05T10:00:00.000Z");
  }

  @Test
  void aPlanIsToldInTwoForms() {
    deployed();
    MarathonEvent info = first("deployment_info");
    assertThat(Json.text(info.json(true))).doesNotContain("original");
    assertThat(Json.text(info.json(false)))
        .contains(
            "\"original\":{\"id\":\"/\",\"apps\":[],\"groups\":[],\"pods\":[],\"dependencies\":[],"
                + "\"version\":\"1970-01-01T00:00:00.000Z\"}",
            "\"target\":{\"id\":\"/\"");
    assertThat(Json.text(info.fields()))
        .contains(
            "\"currentStep\":{\"actions\":[{\"action\":\"StartApplication\",\"app\":\"/shop/web\"}]}");
  }

  @Test
  void aTaskThatRunsIsToldWithWhereItIs() {
    deployed();
    MarathonEvent running = events.get(9);
    assertThat(Json.text(running.fields()))
        .isEqualTo(
            "{\"eventType\":\"status_update_event\",\"timestamp\":\"2026-01-05T10:00:01.000Z\","
                + "\"slaveId\":\"n1\",\"taskId\":\"%s\",\"taskStatus\":\"TASK_RUNNING\",\"message\":\"\","
                    .formatted(instance().id().task())
                + "\"appId\":\"/shop/web\",\"host\":\"n1.example.org\","
                + "\"ipAddresses\":[{\"ipAddress\":\"10.0.0.1\",\"protocol\":\"IPv4\"}],"
                + "\"ports\":[10100],\"version\":\"2026-01-05T10:00:00.000Z\"}");
    assertThat(Json.text(events.get(10).fields()))
        .isEqualTo(
            "{\"eventType\":\"instance_changed_event\",\"timestamp\":\"2026-01-05T10:00:01.000Z\","
                + "\"instanceId\":\"%s\",\"condition\":\"Running\",\"runSpecId\":\"/shop/web\","
                    .formatted(instance().id())
                + "\"agentId\":\"n1\",\"host\":\"n1.example.org\","
                + "\"runSpecVersion\":\"2026-01-05T10:00:00.000Z\"}");
  }

  @Test
  void aTaskThatRunsIsToldWithItsOwnAddresses() {
    platform.apply(new Input.NodeSeen(withContainerNetworks()));
    deploy(
        """
        {"id": "/shop/web", "cmd": "serve", "cpus": 0.1, "mem": 16,
         "networks": [{"mode": "container", "name": "pods"}],
         "container": {"type": "MESOS", "portMappings": [{"containerPort": 80}]}}
        """);
    platform.see(instance().id().task(), new Status.Running(List.of("10.244.1.7", "fd00::7")));

    MarathonEvent running = first("status_update_event");
    assertThat(running.fields()).containsEntry("taskStatus", "TASK_RUNNING");
    assertThat(Json.text(running.fields()))
        .contains(
            "\"host\":\"n1.example.org\"",
            "\"ipAddresses\":[{\"ipAddress\":\"10.244.1.7\",\"protocol\":\"IPv4\"},"
                + "{\"ipAddress\":\"fd00::7\",\"protocol\":\"IPv6\"}]",
            "\"ports\":[]");
  }

  private Node withContainerNetworks() {
    Node node = platform.state().node(new NodeId("n1")).orElseThrow().node();
    return new Node(
        node.id(),
        node.hostname(),
        node.address(),
        node.capacity(),
        node.dynamicPorts(),
        node.fixedPorts(),
        node.attributes(),
        new TreeSet<>(List.of(NodeFeature.CONTAINER_NETWORK)));
  }

  @Test
  void healthIsToldForTheAppAndForTheInstance() {
    deployed();
    assertThat(first("health_status_changed_event").fields())
        .containsEntry("appId", "/shop/web")
        .containsEntry("instanceId", instance().id().value())
        .containsEntry("alive", true);
    assertThat(first("instance_health_changed_event").fields())
        .containsEntry("runSpecId", "/shop/web")
        .containsEntry("healthy", true);
  }

  @Test
  void anUnhealthyInstanceIsToldBeforeItIsKilled() {
    deployed();
    Instance instance = instance();
    events.clear();
    platform.apply(new Input.UnhealthySeen(instance.id(), "connection refused"));
    assertThat(types().subList(0, 3))
        .containsExactly(
            "unhealthy_instance_kill_event", "status_update_event", "instance_changed_event");
    assertThat(events.getFirst().fields())
        .containsEntry("taskId", instance.id().task().value())
        .containsEntry("reason", "connection refused")
        .containsEntry("host", "n1.example.org");
    assertThat(events.get(1).fields()).containsEntry("taskStatus", "TASK_KILLING");
    events.clear();
    platform.settle();
    assertThat(events.getFirst().fields()).containsEntry("taskStatus", "TASK_KILLED");
  }

  @Test
  void aFailureIsToldWithItsMessage() {
    deployed();
    Instance instance = instance();
    events.clear();
    platform.pass(Duration.ofSeconds(1));
    platform.see(
        instance.id().task(),
        new Status.Ended(
            new TaskEnd(TaskEnd.Reason.EXITED, Optional.of(1), Optional.empty(), "exited with 1")));
    assertThat(events.getFirst().fields())
        .containsEntry("taskStatus", "TASK_FAILED")
        .containsEntry("message", "exited with 1");
    assertThat(events.get(1).fields()).containsEntry("condition", "Failed");
  }

  @Test
  void whatComesTwiceIsToldOnce() {
    deployed();
    events.clear();
    platform.see(instance().id().task(), new Status.Running());
    platform.see(instance().id().task(), new Status.Staging());
    assertThat(events).isEmpty();
  }

  @Test
  void anAppThatIsGoneIsTold() {
    deployed();
    events.clear();
    platform.submit(new Input.RemoveApp(PathId.of("/shop/web"), true));
    platform.settle();
    assertThat(types())
        .containsExactly(
            "group_change_success",
            "remove_health_check_event",
            "deployment_info",
            "status_update_event",
            "instance_changed_event",
            "status_update_event",
            "instance_changed_event",
            "app_terminated_event",
            "deployment_step_success",
            "deployment_success");
  }

  @Test
  void aDeploymentThatGivesWayIsToldAsFailed() {
    deploy("{\"id\": \"/huge\", \"cmd\": \"x\", \"mem\": 99999}");
    var id = platform.state().deployments().keys().iterator().next();
    events.clear();
    platform.submit(new Input.CancelDeployment(id, true));
    assertThat(types()).containsExactly("deployment_step_failure", "deployment_failed");
    assertThat(events.getFirst().fields().keySet())
        .containsExactly("eventType", "timestamp", "plan", "currentStep");
    assertThat(events.getLast().fields())
        .containsEntry("id", id.value())
        .containsEntry("reason", "cancelled on request")
        .containsKey("plan");
  }

  @Test
  void timesThatComeDueAndNodesHaveNoEvents() {
    platform.node("n3", java.util.Map.of());
    platform.apply(new Input.Due(new TreeSet<>()));
    assertThat(events).isEmpty();
  }
}
