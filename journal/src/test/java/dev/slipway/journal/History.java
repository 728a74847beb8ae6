package dev.slipway.journal;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Course;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.QueuedDeployment;
import dev.slipway.core.deployment.Step;
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
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.rebalancing.Move;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Nomination;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// What a platform may go through: it comes to be, one app is deployed on a few nodes, and then its
/// instances come and go without end. The same every time.
final class History {
  static final PathId SHOP = PathId.of("/shop/cart");
  private static final int NODES = 4;
  private static final int RUNNING = 40;
  private static final Instant START = Instant.parse("2026-03-01T08:00:00.123Z");

  private final List<InstanceId> running = new ArrayList<>();
  private long ticks;
  private int instances;

  /// The next events of the history, so many of them or a few more.
  List<Event> next(int count) {
    List<Event> events = new ArrayList<>();
    if (ticks == 0) {
      beginning(events);
    }
    while (events.size() < count) {
      birth(events);
      if (running.size() > RUNNING) {
        death(events);
      }
    }
    return events;
  }

  /// A history in which every type of event happens.
  static List<Event> ofEveryType() {
    var history = new History();
    List<Event> events = history.next(400);
    history.rest(events);
    return events;
  }

  static App app() {
    Instant version = START.plusSeconds(1);
    return new App(spec(), VersionInfo.first(version));
  }

  private void beginning(List<Event> events) {
    events.add(new Event.PlatformCreated("a1b2c3", now()));
    events.add(new Event.LeadershipTaken(new Epoch(1), now()));
    for (int i = 0; i < NODES; i++) {
      events.add(new Event.NodeSeen(node(i), now()));
    }
    App app = app();
    Instant version = app.version();
    events.add(
        new Event.RootChanged(
            version,
            List.of(app),
            List.of(),
            List.of(new GroupSpec(PathId.of("/shop"), new TreeSet<>())),
            List.of(),
            now()));
    events.add(new Event.DeploymentStarted(deployment(app), now()));
    events.add(new Event.StepStarted(deployment(app).id(), 1, now()));
  }

  private void birth(List<Event> events) {
    Instant version = app().version();
    InstanceId id = InstanceId.of(SHOP, new UUID(7, instances));
    var place =
        new Instance.Place(
            new NodeId("node-" + instances % NODES),
            List.of(20_000 + instances % 10_000),
            spec().resources(),
            List.of(),
            List.of(instances % 2));
    events.add(new Event.InstanceScheduled(id, version, version, now()));
    events.add(new Event.InstancePlaced(id, version, version, place, instances % 10_000, now()));
    events.add(new Event.InstanceProgressed(id, Trigger.STAGED, now()));
    events.add(new Event.InstanceProgressed(id, Trigger.STARTED, now()));
    events.add(new Event.InstanceHealthChanged(id, true, now()));
    running.add(id);
    instances++;
  }

  private void death(List<Event> events) {
    InstanceId oldest = running.removeFirst();
    events.add(
        new Event.KillOrdered(
            oldest,
            new Instance.Kill(KillReason.UNHEALTHY, "3 failures: connection refused", now())));
    events.add(
        new Event.InstanceEnded(
            oldest,
            Trigger.ENDED_AS_ORDERED,
            new TaskEnd(TaskEnd.Reason.KILLED, Optional.of(143), Optional.of(15), "ended"),
            now()));
  }

  private void rest(List<Event> events) {
    DeploymentId deployment = deployment(app()).id();
    var failed = InstanceId.of(SHOP, new UUID(7, 0));
    fare(events, deployment);
    events.add(new Event.InstanceBecameReady(failed, now()));
    events.add(new Event.StepCompleted(deployment, 1, now()));
    events.add(
        new Event.DeploymentEnded(deployment, Deployment.Outcome.SUCCEEDED, "all healthy", now()));
    events.add(
        new Event.BackoffSet(
            SHOP, Backoff.first(START, BackoffPolicy.DEFAULT, failed, now()), now()));
    events.add(
        new Event.BackoffSet(
            PathId.of("/b"), Backoff.first(START, BackoffPolicy.DEFAULT, failed, now()), now()));
    events.add(new Event.BackoffCleared(PathId.of("/b"), now()));
    events.add(new Event.NodeSilent(new NodeId("node-1"), "no answer for 10 s", now()));
    events.add(new Event.NodeDraining(new NodeId("node-2"), true, now()));
    events.add(
        new Event.NodePressureChanged(
            new NodeId("node-0"),
            new Pressure(Pressure.Level.HIGH, "/noisy uses cpus 3.2 of 1 requested"),
            now()));
    events.add(new Event.NodeWithdrawn(new NodeId("node-3"), now()));
    events.add(new Event.NodeForgotten(new NodeId("node-3"), now()));
    events.add(new Event.PlacementPolicySet(policy(), now()));
    moves(events);
    room(events);
    volumes(events);
    events.add(new Event.AppForgotten(PathId.of("/gone"), now()));
    List<String> addresses = List.of("10.244.1.7", "fd00:10:244:1::7");
    events.add(new Event.InstanceAddressesChanged(running.getLast(), addresses, now()));
  }

  /// A rebalancing of one move that was made, and another that was stopped.
  private void moves(List<Event> events) {
    var one = new InstanceId("shop.instance-00000000-0000-0000-0000-00000000000a");
    var other = new InstanceId("shop.instance-00000000-0000-0000-0000-00000000000b");
    var move =
        new Move(
            one,
            new NodeId("node-1"),
            new NodeId("node-2"),
            Move.Cause.EMPTY_NODE,
            "empties node-1",
            0.25);
    events.add(new Event.RebalancingPlanned(false, "1 move", List.of(move), now()));
    events.add(new Event.InstanceMoveOrdered(one, now()));
    events.add(new Event.InstanceMoveBegun(one, other, now()));
    events.add(new Event.InstanceMoveEnded(one, true, "", now()));
    events.add(new Event.RebalancingStopped(now()));
    events.add(new Event.RebalancingEnded("it was stopped", now()));
    events.add(new Event.EvictionsPaused(3, 10, now()));
    events.add(new Event.EvictionsResumed("somebody resumed them", now()));
    events.add(new Event.EvictionsPaused(4, 10, now()));
  }

  /// Room is kept for two that wait, and no longer for one of them.
  private void room(List<Event> events) {
    for (int i = 1; i <= 2; i++) {
      var waiting = InstanceId.of(SHOP, new UUID(8, i));
      Instant at = now();
      events.add(new Event.InstanceScheduled(waiting, at, at, at));
      events.add(
          new Event.RoomNominated(
              waiting,
              new Nomination(
                  new Instance.Place(
                      new NodeId("node-0"), List.of(31_000 + i), new Resources(500, 1 << 20, 0, 0)),
                  10,
                  at,
                  List.of(running.getFirst()),
                  at,
                  at.plusSeconds(63))));
    }
    events.add(
        new Event.NominationEnded(
            InstanceId.of(SHOP, new UUID(8, 2)), "the room did not come in time", now()));
    events.add(
        new Event.KillOrdered(
            running.removeFirst(),
            new Instance.Kill(KillReason.PREEMPTED, "makes room for another", now())));
  }

  private static PlacementPolicy policy() {
    var large =
        new HeadroomClass(
            3,
            new Resources(4000, 1 << 30, 0, 1000),
            List.of(new Constraint("@zone", Constraint.Operator.IS, Optional.of("a"))));
    return new PlacementPolicy(
        150,
        new TreeMap<>(Map.of("large", large)),
        new PlacementPolicy.Preemption(false, 10),
        new PlacementPolicy.Rebalancing(true, 3, 0.25, Duration.ofHours(1)));
  }

  /// A deployment that waits, moves, fails and goes on, and one that waits for it to end.
  private void fare(List<Event> events, DeploymentId deployment) {
    events.add(
        new Event.ActionsHeld(
            deployment,
            new TreeMap<>(Map.of(SHOP, new TreeSet<>(Set.of(PathId.of("/db"))))),
            now()));
    events.add(new Event.ActionReleased(deployment, SHOP, now()));
    events.add(
        new Event.DeploymentProgressed(deployment, SHOP, new Course.Mark(1, 2, false, now())));
    events.add(
        new Event.DeploymentFailed(
            deployment,
            new Course.Failure(SHOP, Rollout.OnFailure.PAUSE, "it came no further", now())));
    events.add(new Event.DeploymentResumed(deployment, now()));
    events.add(
        new Event.DeploymentQueued(
            new QueuedDeployment(
                DeploymentId.of(new UUID(3, 5)),
                new TreeMap<>(Map.of(SHOP, new Change<>(Optional.of(app()), Optional.empty()))),
                new TreeMap<>(),
                now()),
            now()));
  }

  /// Two volumes, of which one is left.
  private void volumes(List<Event> events) {
    for (String path : List.of("data", "log")) {
      var owner = InstanceId.of(SHOP, new UUID(8, 0));
      VolumeId id = VolumeId.of(SHOP, path, new UUID(8, path.length()));
      Instant made = now();
      var node = new NodeId("node-2");
      long size = 10 * Resources.MEBIBYTE;
      events.add(
          new Event.VolumeCreated(
              new PersistentVolume(
                  id, SHOP, owner, path, node, size, Optional.empty(), false, made, made),
              made));
    }
    VolumeId log = VolumeId.of(SHOP, "log", new UUID(8, 3));
    events.add(new Event.VolumeDeletionOrdered(SHOP, log, now()));
    events.add(new Event.VolumeDeleted(SHOP, log, now()));
  }

  private Instant now() {
    ticks++;
    return START.plusMillis(250 * ticks);
  }

  private static Node node(int number) {
    return new Node(
            new NodeId("node-" + number),
            "node-" + number + ".example",
            "10.0.0." + number,
            Resources.of(16, 65_536, 1_000_000, 2),
            new PortRange(20_000, 32_000),
            new PortRange(1, 65_535),
            new TreeMap<>(Map.of("@zone", "zone-" + number % 2, "disk", "ssd")))
        .dedicatedTo(Set.of("disk"));
  }

  private static AppSpec spec() {
    return AppSpec.builder(
            SHOP, new Command.Shell("exec java -jar shop.jar --port $PORT0 # \u00e4\u20ac"))
        .resources(Resources.of(0.25, 128, 64, 0.001))
        .instances(RUNNING)
        .env(new TreeMap<>(Map.of("LEVEL", "info", "MODE", "fast")))
        .labels(new TreeMap<>(Map.of("team", "shop")))
        .fetch(List.of(Fetch.of("https://example.com/shop.tar.gz")))
        .user(Optional.of("shop"))
        .ports(List.of(PortDefinition.any()))
        .healthChecks(
            List.of(
                new HealthCheck(
                    new HealthCheck.Probe.Http(
                        false, "/health", new HealthCheck.Target(Optional.empty(), 0)),
                    Duration.ofSeconds(300),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(1500),
                    3,
                    true)))
        .taskKillGracePeriod(Optional.of(Duration.ofSeconds(20)))
        .constraints(
            List.of(new Constraint("hostname", Constraint.Operator.GROUP_BY, Optional.empty())))
        .scheduling(
            new Scheduling(
                List.of(new Scheduling.Spread("@zone", 2, OptionalInt.of(20))),
                List.of(new Scheduling.Affinity(PathId.of("/db"), "hostname", OptionalInt.empty())),
                List.of(),
                -5,
                false,
                true))
        .build();
  }

  private static Deployment deployment(App app) {
    return new Deployment(
        DeploymentId.of(new UUID(3, 4)),
        app.version(),
        List.of(new Step(List.of(new Action(Action.Kind.SCALE, SHOP)))),
        0,
        new TreeMap<>(Map.of(SHOP, new Change<>(Optional.empty(), Optional.of(app)))),
        new TreeMap<>(),
        app.version(),
        app.version());
  }
}
