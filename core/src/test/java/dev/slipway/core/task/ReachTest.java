package dev.slipway.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.Network.Mode;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.task.Endpoint.Nowhere;
import dev.slipway.core.task.Endpoint.OfTask;
import dev.slipway.core.task.Endpoint.OnNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReachTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> OWN = List.of("10.244.1.7", "fd00::7");
  private static final Optional<Integer> UNMAPPED = Optional.empty();
  private static final Optional<Integer> ANY = Optional.of(0);
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
  void onTheHostNetworkIsTheHostPortOfTheNode() {
    Reach reach = reach(onHost("http", "admin"), List.of(), 31001, 31002);

    assertThat(reach.at(0)).isEqualTo(new OnNode(NODE, 31001));
    assertThat(reach.at(1)).isEqualTo(new OnNode(NODE, 31002));
    assertThat(reach.named("admin")).isEqualTo(new OnNode(NODE, 31002));
    assertThat(reach.of(number(8080))).isEqualTo(new OnNode(NODE, 8080));
    assertThat(reach.of(index(1))).isEqualTo(new OnNode(NODE, 31002));
  }

  @Test
  void saysWhichPortThereIsNot() {
    Reach reach = reach(onHost("http"), List.of(), 31001);

    assertThat(reach.at(1)).isEqualTo(new Nowhere("the instance has no port with index 1"));
    assertThat(reach.at(-1)).isEqualTo(new Nowhere("the instance has no port with index -1"));
    assertThat(reach.named("x")).isEqualTo(new Nowhere("the instance has no port named 'x'"));
  }

  @Test
  void onABridgeIsTheHostPortOfTheNode() {
    Reach reach = reach(mapped(Mode.BRIDGE, mapping(80, ANY), mapping(0, ANY)), OWN, 31001, 31002);

    assertThat(reach.at(0)).isEqualTo(new OnNode(NODE, 31001));
    assertThat(reach.at(1)).isEqualTo(new OnNode(NODE, 31002));
    assertThat(reach.ports().get(1).containerPort()).isEqualTo(31002);
  }

  @Test
  void onAContainerNetworkIsItsOwnAddressWhereNoHostPortLeadsToIt() {
    AppSpec app =
        mapped(
            Mode.CONTAINER,
            mapping(80, UNMAPPED),
            mapping(90, ANY),
            mapping(100, UNMAPPED),
            mapping(110, ANY));
    Reach reach = reach(app, OWN, 31001, 31002);

    assertThat(reach.at(0)).isEqualTo(new OfTask(OWN, 80));
    assertThat(reach.at(1)).isEqualTo(new OnNode(NODE, 31001));
    assertThat(reach.at(2)).isEqualTo(new OfTask(OWN, 100));
    assertThat(reach.at(3)).isEqualTo(new OnNode(NODE, 31002));
    assertThat(reach.named("port-100")).isEqualTo(new OfTask(OWN, 100));
    assertThat(reach.of(number(9000))).isEqualTo(new OfTask(OWN, 9000));
    assertThat(reach.of(number(31001))).isEqualTo(new OfTask(OWN, 31001));
  }

  @Test
  void isNowhereBeforeTheTaskHasAnAddress() {
    Reach reach = reach(mapped(Mode.CONTAINER, mapping(80, UNMAPPED)), List.of());

    var unknown = new Nowhere("the task has no network address of its own yet");
    assertThat(reach.at(0)).isEqualTo(unknown);
    assertThat(reach.of(number(9000))).isEqualTo(unknown);
  }

  @Test
  void isNowhereWhereNobodyKnowsThePort() {
    Reach reach = reach(mapped(Mode.CONTAINER, mapping(0, UNMAPPED)), OWN);

    assertThat(reach.at(0))
        .isEqualTo(new Nowhere("nobody knows the number of the port in the task's network"));
  }

  @Test
  void asksForANumberAtTheTasksOwnAddressUnlessTheNodeLeadsToIt() {
    Reach onHost = reach(onHost("http"), OWN, 31001);
    assertThat(onHost.of(number(31001))).isEqualTo(new OnNode(NODE, 31001));
    assertThat(onHost.of(number(8080))).isEqualTo(new OfTask(OWN, 8080));

    AppSpec bridged = mapped(Mode.BRIDGE, mapping(80, ANY));
    assertThat(reach(bridged, OWN, 31001).of(number(80))).isEqualTo(new OfTask(OWN, 80));
    assertThat(reach(bridged, List.of(), 31001).of(number(80))).isEqualTo(new OnNode(NODE, 80));
  }

  @Test
  void picksAnAddressOfTheFamilyThatIsAskedFor() {
    var both = new OfTask(List.of("fd00::7", "10.244.1.7"), 80);
    assertThat(both.address(false)).contains("10.244.1.7");
    assertThat(both.address(true)).contains("fd00::7");
    assertThat(new OfTask(List.of("fd00::7"), 80).address(false)).contains("fd00::7");
    assertThat(new OfTask(List.of("10.244.1.7"), 80).address(true)).isEmpty();
  }

  private static HealthCheck.Target number(int port) {
    return new HealthCheck.Target(Optional.of(port), 0);
  }

  private static HealthCheck.Target index(int index) {
    return new HealthCheck.Target(Optional.empty(), index);
  }

  private static AppSpec onHost(String... names) {
    return SampleApps.sleeper("/web").toBuilder()
        .ports(
            List.of(names).stream()
                .map(name -> new PortDefinition(0, "tcp", Optional.of(name), new TreeMap<>()))
                .toList())
        .build();
  }

  private static AppSpec mapped(Mode mode, PortMapping... mappings) {
    var container =
        new Container(
            Container.Kind.MESOS, Optional.empty(), List.of(), List.of(mappings), Optional.empty());
    return SampleApps.sleeper("/web").toBuilder()
        .networks(List.of(new Network(mode, Optional.empty(), new TreeMap<>())))
        .container(Optional.of(container))
        .build();
  }

  private static PortMapping mapping(int containerPort, Optional<Integer> hostPort) {
    return new PortMapping(
        containerPort,
        hostPort,
        0,
        "tcp",
        Optional.of("port-" + containerPort),
        new TreeMap<>(),
        List.of());
  }

  private static Reach reach(AppSpec app, List<String> addresses, Integer... hostPorts) {
    PathId web = app.id();
    var place = new Instance.Place(NODE.id(), List.of(hostPorts), app.resources());
    Instance instance =
        Instance.scheduled(InstanceId.of(web, new UUID(0, 1)), web, NOW, NOW, NOW)
            .placed(NOW, NOW, place, NOW)
            .addressed(addresses);
    return new Reach(app, instance, NODE);
  }
}
