package dev.slipway.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskEnvironmentTest {
  private static final Instant VERSION = Instant.parse("2015-04-02T09:37:00.596Z");
  private static final Instant LATER = Instant.parse("2016-01-01T00:00:00Z");
  private static final UUID ID = UUID.fromString("d10caa92-d91b-11e4-b351-56847afe9799");
  private static final Node NODE =
      new Node(
          new NodeId("n1"),
          "n1.example.org",
          "10.0.0.1",
          Resources.of(4, 1024, 0, 0),
          new PortRange(31000, 32000),
          new PortRange(1, 30999),
          new TreeMap<>());

  @Test
  void tellsATaskWhatMarathonTells() {
    var spec =
        described(
            Map.of("GREETING", "hello world"),
            Map.of("tier", "front", "com.example/owner team", "shop"),
            List.of(port(0, "http"), port(10001, "admin-api"), port(10002, "")));
    assertThat(environment(spec, 31005, 31006, 31007))
        .containsExactlyEntriesOf(
            sorted(
                "GREETING", "hello world",
                "HOST", "n1.example.org",
                "MARATHON_APP_ENFORCE_GROUP_ROLE", "FALSE",
                "MARATHON_APP_ID", "/shop/cart",
                "MARATHON_APP_LABELS", "COM_EXAMPLE_OWNER_TEAM TIER",
                "MARATHON_APP_LABEL_COM_EXAMPLE_OWNER_TEAM", "shop",
                "MARATHON_APP_LABEL_TIER", "front",
                "MARATHON_APP_RESOURCE_CPUS", "0.1",
                "MARATHON_APP_RESOURCE_DISK", "0.0",
                "MARATHON_APP_RESOURCE_GPUS", "0",
                "MARATHON_APP_RESOURCE_MEM", "32.0",
                "MARATHON_APP_VERSION", "2015-04-02T09:37:00.596Z",
                "MESOS_TASK_ID", "shop_cart.instance-d10caa92-d91b-11e4-b351-56847afe9799._app.1",
                "PORT", "31005",
                "PORT0", "31005",
                "PORT1", "31006",
                "PORT2", "31007",
                "PORTS", "31005,31006,31007",
                "PORT_10001", "31006",
                "PORT_10002", "31007",
                "PORT_31005", "31005",
                "PORT_ADMIN-API", "31006",
                "PORT_HTTP", "31005"));
  }

  @Test
  void tellsAShareOfADevice() {
    var spec =
        described(Map.of(), Map.of(), List.of()).toBuilder()
            .resources(Resources.of(0.1, 32, 0, 0.25))
            .build();
    assertThat(environment(spec)).containsEntry("MARATHON_APP_RESOURCE_GPUS", "0.25");
  }

  @Test
  void namesNoPortsWhereThereAreNone() {
    assertThat(environment(described(Map.of(), Map.of(), List.of())))
        .containsOnlyKeys(
            "HOST",
            "MARATHON_APP_ENFORCE_GROUP_ROLE",
            "MARATHON_APP_ID",
            "MARATHON_APP_LABELS",
            "MARATHON_APP_RESOURCE_CPUS",
            "MARATHON_APP_RESOURCE_DISK",
            "MARATHON_APP_RESOURCE_GPUS",
            "MARATHON_APP_RESOURCE_MEM",
            "MARATHON_APP_VERSION",
            "MESOS_TASK_ID")
        .containsEntry("MARATHON_APP_LABELS", "");
  }

  @Test
  void letsTheOwnersVariablesWin() {
    var own = Map.of("PORT", "80", "HOST", "me", "MARATHON_APP_ID", "mine", "PORT0", "");
    assertThat(environment(described(own, Map.of(), List.of(port(0, "http"))), 31000))
        .containsAllEntriesOf(own)
        .containsEntry("PORTS", "31000");
  }

  @Test
  void leavesOutLabelsThatAreTooLong() {
    String longestName = "n".repeat(TaskEnvironment.MAX_LABEL_NAME_LENGTH - 1);
    String longestValue = "v".repeat(TaskEnvironment.MAX_VALUE_LENGTH - 1);
    var environment =
        environment(
            described(
                Map.of(),
                Map.of(
                    longestName,
                    longestValue,
                    longestName + "n",
                    "name too long",
                    "value-too-long",
                    longestValue + "v"),
                List.of()));
    assertThat(environment)
        .containsEntry("MARATHON_APP_LABELS", longestName.toUpperCase(java.util.Locale.ROOT))
        .containsEntry("MARATHON_APP_LABEL_" + "N".repeat(492), longestValue);
    assertThat(environment.keySet().stream().filter(name -> name.startsWith("MARATHON_APP_LABEL_")))
        .hasSize(1);
  }

  @Test
  void tellsTheVersionThatTheInstanceWasMadeFor() {
    var app = new App(SampleApps.sleeper("/shop/cart"), VersionInfo.first(LATER));
    assertThat(TaskEnvironment.of(app, instance(), NODE))
        .containsEntry("MARATHON_APP_VERSION", "2015-04-02T09:37:00.596Z");
  }

  private static SortedMap<String, String> environment(AppSpec spec, Integer... ports) {
    var place = new Instance.Place(NODE.id(), List.of(ports), spec.resources());
    return TaskEnvironment.of(
        new App(spec, VersionInfo.first(VERSION)),
        instance().placed(VERSION, VERSION, place, LATER),
        NODE);
  }

  private static Instance instance() {
    var app = SampleApps.sleeper("/shop/cart").id();
    return Instance.scheduled(InstanceId.of(app, ID), app, VERSION, VERSION, VERSION);
  }

  private static PortDefinition port(int port, String name) {
    return new PortDefinition(
        port, "tcp", Optional.of(name).filter(text -> !text.isEmpty()), new TreeMap<>());
  }

  private static SortedMap<String, String> sorted(String... namesAndValues) {
    SortedMap<String, String> result = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      result.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return result;
  }

  private static AppSpec described(
      Map<String, String> env, Map<String, String> labels, List<PortDefinition> ports) {
    var spec = SampleApps.sleeper("/shop/cart");
    return spec.toBuilder()
        .env(new TreeMap<>(env))
        .labels(new TreeMap<>(labels))
        .ports(ports)
        .build();
  }
}
