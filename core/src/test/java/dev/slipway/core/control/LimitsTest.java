package dev.slipway.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LimitsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final State FRESH =
      Decider.decide(State.EMPTY, new Input.TakeLeadership(new Epoch(1), "p"), NOW).after();

  @Test
  void boundTheInstancesOfAnApp() {
    Reply reply = put(FRESH, SampleApps.sleeper("/a").withInstances(Limits.INSTANCES + 1));
    assertThat(reply)
        .isEqualTo(Reply.Invalid.of("/instances", "must be at most " + Limits.INSTANCES));
  }

  @Test
  void boundTheInstancesOfAllAppsTogether() {
    var specs = new ArrayList<AppSpec>();
    for (int i = 0; i <= Limits.ALL_INSTANCES / Limits.INSTANCES; i++) {
      specs.add(SampleApps.sleeper("/a" + i).withInstances(Limits.INSTANCES));
    }
    assertThat(put(FRESH, specs.toArray(AppSpec[]::new)))
        .isEqualTo(
            Reply.Invalid.of(
                "/instances", "all apps together may want at most " + Limits.ALL_INSTANCES));
  }

  @Test
  void boundTheNumberOfAppsAndGroups() {
    List<App> apps = new ArrayList<>();
    for (int i = 0; i < Limits.APPS; i++) {
      var spec = SampleApps.sleeper("/a" + i).withInstances(0);
      apps.add(new App(spec, VersionInfo.first(NOW)));
    }
    State full =
        Evolution.apply(
            FRESH, new Event.RootChanged(NOW, apps, List.of(), List.of(), List.of(), NOW));

    assertThat(put(full, SampleApps.sleeper("/one-more")))
        .isInstanceOf(Reply.Invalid.class)
        .extracting(reply -> ((Reply.Invalid) reply).problems().getFirst().message())
        .isEqualTo("there are more than " + Limits.APPS + " apps");
  }

  @Test
  void boundTheDeploymentsAtOnce() {
    State state = FRESH;
    for (int i = 0; i < Limits.DEPLOYMENTS; i++) {
      var deployment =
          new Deployment(
              new DeploymentId("d" + i),
              NOW,
              List.of(),
              0,
              new TreeMap<>(),
              new TreeMap<>(),
              NOW,
              NOW);
      state = Evolution.apply(state, new Event.DeploymentStarted(deployment, NOW));
    }
    assertThat(put(state, SampleApps.sleeper("/a"))).isInstanceOf(Reply.TooMany.class);
  }

  @Test
  void refuseWithoutRecordingAnything() {
    var wish = wish(SampleApps.sleeper("/a").withInstances(Limits.INSTANCES + 1));
    Decision decision = Decider.decide(FRESH, wish, NOW);
    assertThat(decision.events()).isEmpty();
    assertThat(decision.effects()).isEmpty();
    assertThat(decision.after()).isEqualTo(FRESH);
  }

  /// Takes seconds, and hours if each placement or each sight looked at all instances again.
  @Test
  @Timeout(60)
  void leaveRoomForTensOfThousandsOfInstancesOfOneApp() {
    int many = 50_000;
    State state = machines(60);
    Decision decision = Decider.decide(state, wish(app(many)), NOW);
    List<Effect> launches = new ArrayList<>(decision.effects());
    while (isDueAtOnce(decision)) {
      assertThat(decision.events()).hasSizeLessThan(3 * Limits.ORDERS_AT_ONCE);
      var due = new TreeSet<>(Set.of(PathId.of("/a")));
      decision = Decider.decide(decision.after(), new Input.Due(due), NOW);
      launches.addAll(decision.effects());
    }
    assertThat(launches).hasSize(many);

    state = decision.after();
    for (Effect effect : launches) {
      TaskLaunch launch = ((Effect.Launch) effect).launch();
      var seen = new TaskObservation(launch.id(), launch.node(), NOW, new Status.Running());
      state = Decider.decide(state, new Input.TaskSeen(seen), NOW).after();
    }

    assertThat(state.ready(PathId.of("/a"))).isEqualTo(many);
    assertThat(state.deployments().isEmpty()).isTrue();
  }

  @Test
  @Timeout(60)
  void boundWhatOneDecisionEnds() {
    int many = 5 * Limits.ORDERS_AT_ONCE;
    Decision decision = settle(Decider.decide(machines(10), wish(app(many)), NOW));

    decision =
        Decider.decide(
            decision.after(), new Input.RemoveApp(PathId.of("/a"), true), NOW.plusSeconds(1));

    assertThat(decision.effects()).hasSize(Limits.ORDERS_AT_ONCE);
    assertThat(isDueAtOnce(decision)).isTrue();
    State after = settle(decision).after();
    assertThat(after.tally(PathId.of("/a")).away()).isEqualTo(many);
  }

  private static AppSpec app(int instances) {
    return SampleApps.sleeper("/a").toBuilder()
        .instances(instances)
        .resources(Resources.of(0.1, 32, 0, 0))
        .constraints(
            List.of(new Constraint("hostname", Constraint.Operator.MAX_PER, Optional.of("100000"))))
        .build();
  }

  private static State machines(int count) {
    State state = FRESH;
    for (int i = 0; i < count; i++) {
      state = Decider.decide(state, new Input.NodeSeen(machine("n" + i)), NOW).after();
    }
    return state;
  }

  private static Decision settle(Decision first) {
    Decision decision = first;
    while (isDueAtOnce(decision)) {
      var due = new TreeSet<>(Set.of(PathId.of("/a")));
      decision = Decider.decide(decision.after(), new Input.Due(due), NOW.plusSeconds(1));
    }
    return decision;
  }

  private static boolean isDueAtOnce(Decision decision) {
    return decision
        .wakeUps()
        .getOrDefault(PathId.of("/a"), Optional.empty())
        .filter(at -> !at.isAfter(NOW.plusSeconds(1)))
        .isPresent();
  }

  private static Node machine(String name) {
    return new Node(
        new NodeId(name),
        name,
        name,
        Resources.of(1000, 1_000_000, 0, 0),
        new PortRange(31000, 31999),
        new PortRange(1024, 30999),
        new TreeMap<>());
  }

  private static Reply put(State state, AppSpec... specs) {
    return Decider.decide(state, wish(specs), NOW).reply();
  }

  private static Input.ChangeApps wish(AppSpec... specs) {
    var changes = new ArrayList<AppChange>();
    for (AppSpec spec : specs) {
      changes.add(new AppChange(spec.id(), current -> new AppChange.Result.Revised(spec)));
    }
    return new Input.ChangeApps(changes, Input.Expectation.ANY, false);
  }
}
