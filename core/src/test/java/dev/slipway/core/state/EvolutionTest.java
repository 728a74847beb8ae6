package dev.slipway.core.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.node.Pressure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvolutionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final PathId WEB = PathId.of("/web");
  private static final InstanceId ONE = InstanceId.of(WEB, new UUID(0, 1));
  private static final InstanceId TWO = InstanceId.of(WEB, new UUID(0, 2));
  private static final NodeId NODE = new NodeId("n1");

  @ParameterizedTest
  @MethodSource("strangers")
  void changesNothingForWhatDoesNotExist(Event event) {
    assertThat(Evolution.apply(State.EMPTY, event)).isEqualTo(State.EMPTY);
  }

  static List<Event> strangers() {
    var deployment = new DeploymentId("none");
    var end = TaskEnd.of(TaskEnd.Reason.EXITED, "");
    return List.of(
        new Event.StepStarted(deployment, 1, NOW),
        new Event.StepCompleted(deployment, 1, NOW),
        new Event.DeploymentEnded(deployment, Deployment.Outcome.SUCCEEDED, "", NOW),
        new Event.AppForgotten(WEB, NOW),
        new Event.InstancePlaced(ONE, NOW, NOW, place(31000), 7, NOW),
        new Event.InstanceProgressed(ONE, Trigger.STARTED, NOW),
        new Event.InstanceHealthChanged(ONE, true, NOW),
        new Event.InstanceAddressesChanged(ONE, List.of("10.1.0.1"), NOW),
        new Event.KillOrdered(ONE, new Instance.Kill(KillReason.REQUESTED, "", NOW)),
        new Event.InstanceEnded(ONE, Trigger.EXITED_WELL, end, NOW),
        new Event.BackoffCleared(WEB, NOW),
        new Event.NodeSilent(NODE, "", NOW),
        new Event.NodeDraining(NODE, true, NOW),
        new Event.NodePressureChanged(NODE, Pressure.NONE, NOW),
        new Event.NodeForgotten(NODE, NOW));
  }

  @Test
  void takesAndGivesBackRoomExactlyOnce() {
    State placed = Evolution.applyAll(State.EMPTY, placedOne());
    assertThat(placed.node(NODE).orElseThrow().used()).isEqualTo(Resources.of(1, 64, 0, 0));
    assertThat(placed.nodes().portsByAddress().size()).isEqualTo(1);
    assertThat(placed.waiting().isEmpty()).isTrue();

    State twice = Evolution.applyAll(placed, List.of(place(ONE, 31000), place(ONE, 31001)));
    assertThat(twice).isEqualTo(placed);

    State over = Evolution.applyAll(placed, List.of(failed(ONE), failed(ONE)));
    assertThat(over.node(NODE).orElseThrow().used()).isEqualTo(Resources.NONE);
    assertThat(over.nodes().portsByAddress().isEmpty()).isTrue();
    assertThat(over.instances().isEmpty()).isTrue();
    assertThat(over.failures().get(WEB)).extracting(Failures::count).isEqualTo(1);
  }

  @Test
  void movesPortsWithTheirNode() {
    State before = Evolution.applyAll(State.EMPTY, placedOne());

    State after = Evolution.apply(before, new Event.NodeSeen(node("10.0.0.9"), NOW));

    assertThat(after.nodes().portsByAddress().get("10.0.0.1")).isNull();
    assertThat(after.nodes().portsOf(node("10.0.0.9")).get(31000)).isEqualTo(ONE);
    State over = Evolution.apply(after, failed(ONE));
    assertThat(over.nodes().portsByAddress().isEmpty()).isTrue();
  }

  @Test
  void dropsAKilledInstanceThatStandsNowhere() {
    var kill = new Event.KillOrdered(ONE, new Instance.Kill(KillReason.SCALED_DOWN, "", NOW));
    State state = Evolution.applyAll(State.EMPTY, List.of(scheduled(ONE), kill));

    assertThat(state.instances().isEmpty()).isTrue();
    assertThat(state.waiting().isEmpty()).isTrue();
    assertThat(state.failures().isEmpty()).isTrue();
  }

  @Test
  void countsFailuresOfOneGeneration() {
    State state = Evolution.applyAll(State.EMPTY, placedOne());
    state = Evolution.applyAll(state, List.of(failed(ONE), scheduled(TWO), place(TWO, 31001)));
    state = Evolution.apply(state, failed(TWO));
    assertThat(state.failures().get(WEB))
        .satisfies(
            failures -> {
              assertThat(failures.count()).isEqualTo(2);
              assertThat(failures.last().instance()).isEqualTo(TWO);
            });
  }

  @Test
  void givesEachIdentityOnceAlsoAcrossLeaderships() {
    List<UUID> ids = new ArrayList<>();
    State state = Evolution.apply(State.EMPTY, new Event.PlatformCreated("p", NOW));
    for (int epoch = 1; epoch <= 3; epoch++) {
      state = Evolution.apply(state, new Event.LeadershipTaken(new Epoch(epoch), NOW));
      for (int i = 0; i < 10; i++) {
        UUID next = state.platform().identity(0);
        ids.add(next);
        state = Evolution.apply(state, scheduled(InstanceId.of(WEB, next)));
      }
      // What a leader made up that was deposed before it could record it.
      ids.add(state.platform().identity(0));
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void keepsABoundedNumberOfVersionsAndAllThatAreInUse() {
    State state = changed(State.EMPTY, 0);
    state =
        Evolution.applyAll(
            state,
            List.of(
                new Event.NodeSeen(node("10.0.0.1"), NOW),
                scheduled(ONE),
                new Event.InstancePlaced(ONE, version(0), NOW, place(31000), 1, NOW)));
    for (int i = 1; i < 2 * State.MAX_VERSIONS; i++) {
      state = changed(state, i);
    }

    assertThat(state.versions().get(WEB)).isNotNull().hasSize(State.MAX_VERSIONS + 1);
    assertThat(state.app(WEB, version(0))).isPresent();
    assertThat(state.app(WEB, version(1))).isEmpty();
    assertThat(state.app(WEB, version(2 * State.MAX_VERSIONS - 1))).isPresent();
  }

  @Test
  void keepsABoundedNumberOfDeploymentsThatAreOver() {
    State state = State.EMPTY;
    for (int i = 0; i < State.MAX_ENDED + 5; i++) {
      var deployment = deployment("d" + i, Map.of());
      state =
          Evolution.applyAll(
              state,
              List.of(
                  new Event.DeploymentStarted(deployment, NOW),
                  new Event.DeploymentEnded(
                      deployment.id(), Deployment.Outcome.SUCCEEDED, "", NOW)));
    }
    assertThat(state.ended()).hasSize(State.MAX_ENDED);
    assertThat(state.ended().getFirst().deployment().id().value()).isEqualTo("d5");
    assertThat(state.deployments().isEmpty()).isTrue();
  }

  @Test
  void leavesTheLocksThatAnotherDeploymentTook() {
    Map<PathId, Change<App>> apps =
        Map.of(WEB, new Change<>(Optional.empty(), Optional.of(app(0))));
    State state =
        Evolution.applyAll(
            State.EMPTY,
            List.of(
                new Event.DeploymentStarted(deployment("first", apps), NOW),
                new Event.DeploymentStarted(deployment("second", apps), NOW),
                new Event.DeploymentEnded(
                    new DeploymentId("first"), Deployment.Outcome.SUPERSEDED, "", NOW)));

    assertThat(state.locks().get(WEB)).isEqualTo(new DeploymentId("second"));
    assertThat(state.formation(WEB)).isEmpty();
  }

  @Test
  void forgetsAnAppWithItsVersionsUnlessItIsWantedAgain() {
    State gone =
        Evolution.applyAll(
            changed(State.EMPTY, 0),
            List.of(
                new Event.RootChanged(
                    version(1), List.of(), List.of(WEB), List.of(), List.of(), NOW),
                new Event.AppForgotten(WEB, NOW)));
    assertThat(gone.rootAt(version(0)).orElseThrow().apps().containsKey(WEB)).isTrue();
    assertThat(passing(gone, State.MAX_VERSIONS).versions().isEmpty()).isTrue();

    State back = Evolution.apply(changed(gone, 2), new Event.AppForgotten(WEB, NOW));
    assertThat(back.app(WEB, version(2))).isPresent();
  }

  /// After so many versions of the root that change nothing of any app.
  private static State passing(State state, int count) {
    State next = state;
    for (int i = 0; i < count; i++) {
      next =
          Evolution.apply(
              next,
              new Event.RootChanged(
                  version(100 + i), List.of(), List.of(), List.of(), List.of(), NOW));
    }
    return next;
  }

  private static State changed(State state, int number) {
    return Evolution.apply(
        state,
        new Event.RootChanged(
            version(number), List.of(app(number)), List.of(), List.of(), List.of(), NOW));
  }

  private static App app(int number) {
    return new App(
        SampleApps.sleeper("/web").withInstances(number), VersionInfo.first(version(number)));
  }

  private static Instant version(int number) {
    return NOW.plus(Duration.ofSeconds(number));
  }

  private static Deployment deployment(String id, Map<PathId, Change<App>> apps) {
    return new Deployment(
        new DeploymentId(id), NOW, List.of(), 0, new TreeMap<>(apps), new TreeMap<>(), NOW, NOW);
  }

  private static List<Event> placedOne() {
    return List.of(new Event.NodeSeen(node("10.0.0.1"), NOW), scheduled(ONE), place(ONE, 31000));
  }

  private static Event scheduled(InstanceId id) {
    return new Event.InstanceScheduled(id, NOW, NOW, NOW);
  }

  private static Event place(InstanceId id, int port) {
    return new Event.InstancePlaced(id, NOW, NOW, place(port), 1, NOW);
  }

  private static Instance.Place place(int port) {
    return new Instance.Place(NODE, List.of(port), Resources.of(1, 64, 0, 0));
  }

  private static Event failed(InstanceId id) {
    var end = TaskEnd.of(TaskEnd.Reason.OUT_OF_MEMORY, "used more than 64 MiB");
    return new Event.InstanceEnded(id, Trigger.EXITED_BADLY, end, NOW);
  }

  private static Node node(String address) {
    return new Node(
        NODE,
        "n1",
        address,
        Resources.of(4, 1024, 1024, 0),
        new PortRange(31000, 31999),
        new PortRange(1024, 30999),
        new TreeMap<>());
  }
}
