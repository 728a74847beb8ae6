package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.PlacementPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WaitsTest {
  private static final HealthCheck CHECK =
      new HealthCheck(
          new HealthCheck.Probe.Tcp(new HealthCheck.Target(Optional.of(80), 0)),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          3,
          false);

  private static List<Wait> waits(World world) {
    Deployment deployment = world.state().deployments().values().iterator().next();
    return new Waits(world.state(), world.now(), world).of(deployment);
  }

  private static List<String> reasons(World world) {
    return waits(world).stream().map(Wait::reason).distinct().toList();
  }

  private static AppSpec with(AppSpec app, List<HealthCheck> checks, String env, String... needs) {
    var dependencies = new TreeSet<PathId>();
    for (String need : needs) {
      dependencies.add(PathId.of(need));
    }
    var variables = new TreeMap<>(app.env());
    variables.put("V", env);
    return app.toBuilder().env(variables).healthChecks(checks).dependencies(dependencies).build();
  }

  @Test
  void aGangTellsHowManyFitAndWhatTheNextOneLacks() {
    var world = World.withNodes(3, 2);
    var gang = new Scheduling(List.of(), List.of(), List.of(), 0, false, true);
    world.put(World.app("/gang", 2, 4).toBuilder().scheduling(gang).build());

    assertThat(reasons(world))
        .containsExactly(
            "3 of 4 instances of the gang fit together; for the next one no node has room: 3 nodes"
                + " lack cpus");
  }

  @Test
  void aDaemonTellsOnWhichNodesItLacksRoom() {
    var world = World.withNodes(3, 2);
    var apart = new Constraint("rack", Constraint.Operator.UNLIKE, Optional.of("r3"));
    world.put(World.app("/big", 2, 2).toBuilder().constraints(List.of(apart)).build());
    var daemon = new Scheduling(List.of(), List.of(), List.of(), 0, true, false);
    world.put(World.app("/agent", 1, 1).toBuilder().scheduling(daemon).build());

    assertThat(new Waits(world.state(), world.now(), world).of(PathId.of("/agent")))
        .extracting(Wait::reason)
        .contains("waits for room on n1: cpus 0 free < 1 requested; n2: cpus 0 free < 1 requested");
  }

  @Test
  void anInstanceWithoutRoomTellsWhatTheNodesLack() {
    var world = World.withNodes(3, 1);
    world.tell(new Input.DrainNode(new NodeId("n3"), true));
    world.put(World.app("/big", 2, 1));

    assertThat(waits(world))
        .singleElement()
        .satisfies(
            wait -> {
              assertThat(wait.app()).isEqualTo("/big");
              assertThat(wait.instance()).contains(world.instance("/big").id().value());
              assertThat(wait.since()).isEqualTo("2026-03-01T10:00:00.000Z");
              assertThat(wait.reason())
                  .isEqualTo("no node has room: 1 node is draining, 2 lack cpus");
            });
  }

  private static AppSpec prior(AppSpec app, int priority) {
    return app.toBuilder()
        .scheduling(new Scheduling(List.of(), List.of(), List.of(), priority, false, false))
        .upgradeStrategy(new UpgradeStrategy(0, 0))
        .build();
  }

  @Test
  void oneOfHigherPriorityTellsWhomItWaitsFor() {
    var world = World.withNodes(1, 4);
    world.put(prior(World.app("/low", 2, 2), 0));
    world.put(prior(World.app("/high", 3, 1), 10));

    assertThat(reasonsOf(world, "/high"))
        .containsExactly("waits until n1 has ended 2 instances of lower priority");
  }

  @Test
  void oneOfHigherPriorityTellsWhatItMayExpectOfOthers() {
    var world = World.withNodes(1, 4);
    var policy = PlacementPolicy.DEFAULT;
    world.put(prior(World.app("/low", 1, 3), 0), prior(World.app("/equal", 1, 1), 10));
    world.tell(Input.SetPlacementPolicy.to(policy.with(new PlacementPolicy.Preemption(true, 1))));
    world.put(prior(World.app("/high", 1, 2), 10));
    assertThat(reasonsOf(world, "/high"))
        .containsExactlyInAnyOrder(
            "waits until n1 has ended 1 instance of lower priority",
            "no node has room: 1 node lacks cpus; 1 instance on n1 of lower priority will be ended"
                + " for it at 2026-03-01T10:01:00.000Z: 1 of 1 were within a minute");

    world.tell(Input.SetPlacementPolicy.to(policy.with(new PlacementPolicy.Preemption(false, 1))));
    assertThat(reasonsOf(world, "/high"))
        .contains(
            "no node has room: 1 node lacks cpus; the placement policy lets nobody make room for"
                + " higher priorities");
    world.tell(Input.SetPlacementPolicy.to(policy));
    world.put(prior(World.app("/huge", 4, 1), 10));
    assertThat(reasonsOf(world, "/huge"))
        .containsExactly(
            "no node has room: 1 node lacks cpus; no node has instances of lower priority that"
                + " would make enough room and may be ended");
  }

  private static List<String> reasonsOf(World world, String app) {
    return new Waits(world.state(), world.now(), world)
        .of(PathId.of(app)).stream().map(Wait::reason).toList();
  }

  @Test
  void anAppThatHasToWaitForAnotherNamesIt() {
    var world = World.withNodes(1, 4);
    world.tell(change(with(World.app("/db", 1, 1), List.of(CHECK), "1")));
    world.tell(change(with(World.app("/web", 1, 1), List.of(), "1", "/db")));

    assertThat(allReasons(world)).contains("waits for /db to be ready, of whose 1 instances 0 are");
  }

  @Test
  void aPausedDeploymentTellsWhyAndThatSomebodyHasToDecide() {
    var world = World.withNodes(1, 4);
    var rollout =
        new Rollout(Optional.empty(), Optional.of(Duration.ofSeconds(30)), Rollout.OnFailure.PAUSE);
    world.put(
        with(World.app("/web", 1, 1), List.of(CHECK), "1").toBuilder().rollout(rollout).build());
    world.pass(Duration.ofSeconds(31));

    assertThat(reasons(world).getFirst())
        .isEqualTo(
            "paused until somebody resumes, cancels or replaces the deployment:"
                + " /web came no further for 30 s: 0 of 1 instances are ready");
    assertThat(waits(world).getFirst().since()).isEqualTo("2026-03-01T10:00:31.000Z");
  }

  @Test
  void whatWaitsForADeploymentToEndNamesIt() {
    var world = World.withNodes(1, 4);
    world.put(with(World.app("/web", 1, 1), List.of(CHECK), "1"));
    var running = world.state().deployments().keys().iterator().next();
    AppSpec next = with(World.app("/web", 1, 1), List.of(CHECK), "2");
    world.tell(
        new Input.ChangeApps(
            List.of(new AppChange(next.id(), before -> new AppChange.Result.Revised(next))),
            Input.Expectation.ANY,
            new Input.Terms(false, true, false)));

    var queued = world.state().plans().queue().getFirst();
    assertThat(new Waits(world.state(), world.now(), world).of(queued))
        .extracting(Wait::reason)
        .containsExactly("waits for deployment " + running + " to end");
  }

  @Test
  void aRunningInstanceThatIsNotReadyYetTellsSo() {
    var world = World.withNodes(1, 4);
    var check =
        new ReadinessCheck(
            "readinessCheck",
            false,
            "/",
            "http-api",
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            List.of(200),
            false);
    world.put(
        World.app("/web", 1, 1).toBuilder()
            .rollout(new Rollout(Optional.of(check), Optional.empty(), Rollout.OnFailure.NONE))
            .build());
    world.allRun("/web");

    assertThat(reasons(world))
        .containsExactly("runs; waits for its readiness check to say that it is ready");
  }

  private static Input change(AppSpec spec) {
    return new Input.ChangeApps(
        List.of(new AppChange(spec.id(), before -> new AppChange.Result.Revised(spec))),
        Input.Expectation.ANY,
        Input.Terms.PLAIN);
  }

  private static List<String> allReasons(World world) {
    List<String> reasons = new ArrayList<>();
    for (Deployment deployment : world.state().deployments().values()) {
      new Waits(world.state(), world.now(), world)
          .of(deployment)
          .forEach(wait -> reasons.add(wait.reason()));
    }
    return reasons;
  }

  @Test
  void withoutNodesThatIsTheReason() {
    var world = new World();
    world.put(World.app("/a", 1, 1));

    assertThat(reasons(world)).containsExactly("there are no nodes");
  }

  @Test
  void anInstanceOnItsWayTellsWhereItIs() {
    var world = World.withNodes(1, 1);
    world.put(
        World.app("/a", 1, 1).toBuilder()
            .unreachableStrategy(new UnreachableStrategy.Disabled())
            .build());
    Instance instance = world.instance("/a");

    assertThat(reasons(world)).containsExactly("waits for n1 to take the order to start it");
    world.staging(instance);
    assertThat(reasons(world)).containsExactly("n1 prepares its sandbox and fetches its artifacts");
    world.tell(new Input.NodeSilent(new NodeId("n1"), "gone"));
    assertThat(reasons(world)).containsExactly("n1 is unreachable; the task may still run there");
  }

  @Test
  void aFailingInstanceIsDelayed() {
    var world = World.withNodes(1, 1);
    world.put(World.app("/a", 1, 1));
    world.ended(world.instance("/a"), TaskEnd.of(TaskEnd.Reason.LAUNCH_FAILED, "no"));

    assertThat(world.instance("/a").condition()).isEqualTo(Condition.SCHEDULED);
    assertThat(reasons(world))
        .containsExactly("delayed until 2026-03-01T10:00:01.000Z after failures (delay 1 s)");
  }

  @Test
  void aRunningInstanceWaitsForItsHealthChecks() {
    var world = World.withNodes(1, 1);
    world.put(with(World.app("/a", 1, 1), List.of(CHECK), "1"));
    Instance instance = world.instance("/a");
    world.running(instance);

    assertThat(reasons(world)).containsExactly("runs; waits for its first successful health check");
    world.checked(
        instance,
        new HealthRecord(
            false,
            2,
            Optional.empty(),
            Optional.empty(),
            Optional.of(world.now()),
            Optional.of("connection refused")));
    assertThat(reasons(world))
        .containsExactly("runs, but its health check fails (2 times in a row): connection refused");
  }

  @Test
  void anUpdateWaitsForTheOldTaskToEnd() {
    var world = World.withNodes(1, 2);
    world.put(with(World.app("/a", 1, 1), List.of(), "1"));
    world.allRun("/a");
    assertThat(world.state().deployments().isEmpty()).isTrue();
    world.put(with(World.app("/a", 1, 1), List.of(), "2"));
    world.instances("/a").stream()
        .filter(one -> one.condition() == Condition.PROVISIONED)
        .forEach(world::running);

    assertThat(reasons(world))
        .containsExactly(
            "waits for the old task to end, since a newer version takes its place; it has 3 s");
  }

  @Test
  void laterStepsWaitForTheirTurn() {
    var world = World.withNodes(1, 4);
    world.put(
        with(World.app("/db", 1, 1), List.of(), "1"),
        with(World.app("/web", 1, 1), List.of(), "1", "/db"));

    assertThat(waits(world))
        .filteredOn(wait -> wait.app().equals("/web"))
        .singleElement()
        .satisfies(
            wait -> {
              assertThat(wait.instance()).isEmpty();
              assertThat(wait.reason()).isEqualTo("its turn comes in step 3 of 3, after /db");
            });
  }

  @Test
  void thereAreNeverMoreWaitsThanAnybodyReads() {
    var world = World.withNodes(1, 1);
    world.put(World.app("/many", 10, 300));

    assertThat(waits(world)).hasSize(Waits.MAX);
  }

  @Test
  void anAppThatIsAsWantedWaitsForNothing() {
    var world = World.withNodes(1, 1);
    world.put(World.app("/a", 1, 1));
    world.allRun("/a");

    assertThat(new Waits(world.state(), world.now(), world).of(PathId.of("/a"))).isEmpty();
  }
}
