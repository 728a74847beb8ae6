package dev.slipway.core.state;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.instance.Lifecycle;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.node.Supplies;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What the events of instances change: the instance, the room it takes on its node, and what is
/// remembered of its failure. Instances that are over are not kept.
final class InstanceEvolution {
  private InstanceEvolution() {}

  static State scheduled(State state, Event.InstanceScheduled event) {
    PathId app = event.instance().app();
    Instance instance =
        Instance.scheduled(event.instance(), app, event.version(), event.generation(), event.at());
    return put(state, instance)
        .with(state.platform().withIdentities(state.platform().identities() + 1));
  }

  static State placed(State state, Event.InstancePlaced event) {
    Instance known = state.instance(event.instance()).orElse(null);
    if (known == null || Lifecycle.next(known.condition(), Trigger.PLACED).isEmpty()) {
      return state;
    }
    PathId app = known.app();
    boolean asked =
        state.locks().containsKey(app)
            && state
                .app(app, event.version())
                .filter(version -> version.spec().rollout().readinessCheck().isPresent())
                .isPresent();
    Instance placed =
        known
            .placed(event.version(), event.generation(), event.place(), event.at())
            .awaitingReadiness(asked);
    return put(state, placed)
        .with(
            VolumeEvolution.attached(
                occupied(state, placed, event.place()), placed, event.place(), event.at()))
        .with(state.platform().withPortCursor(event.portCursor()))
        .with(state.nominations().without(placed.id()));
  }

  static State nominated(State state, Event.RoomNominated event) {
    boolean waits = state.instance(event.instance()).filter(one -> isWaiting(one)).isPresent();
    return waits
        ? state.with(state.nominations().with(event.instance(), event.nomination()))
        : state;
  }

  static State progressed(State state, Event.InstanceProgressed event) {
    State next =
        state
            .instance(event.instance())
            .flatMap(
                instance ->
                    Lifecycle.next(instance.condition(), event.trigger())
                        .map(condition -> put(state, instance.in(condition, event.at()))))
            .orElse(state);
    return event.trigger() == Trigger.WAITED_FOR
        ? next.with(next.evictions().spent(event.at()))
        : next;
  }

  static State addressed(State state, Event.InstanceAddressesChanged event) {
    return state
        .instance(event.instance())
        .map(instance -> put(state, instance.addressed(event.addresses())))
        .orElse(state);
  }

  static State healthChanged(State state, Event.InstanceHealthChanged event) {
    return state
        .instance(event.instance())
        .map(instance -> put(state, instance.withHealth(event.healthy())))
        .orElse(state);
  }

  static State becameReady(State state, Event.InstanceBecameReady event) {
    return state
        .instance(event.instance())
        .map(instance -> put(state, instance.awaitingReadiness(false)))
        .orElse(state);
  }

  /// After the end of a deployment, or of a readiness check: no instance of the app is asked on
  /// whether it is ready.
  static State askedNoMore(State state, PathId app) {
    State next = state;
    for (Instance instance : state.instancesOf(app).values()) {
      if (instance.awaitsReadiness()) {
        next = put(next, instance.awaitingReadiness(false));
      }
    }
    return next;
  }

  static State killOrdered(State state, Event.KillOrdered event) {
    Instance instance = state.instance(event.instance()).orElse(null);
    if (instance == null) {
      return state;
    }
    Optional<Condition> next = Lifecycle.next(instance.condition(), Trigger.KILL_ORDERED);
    if (next.isEmpty()) {
      return state;
    }
    State after =
        next.get().isTerminal()
            ? removed(state, instance, event.at())
            : put(state, instance.killed(event.kill()));
    return switch (event.kill().reason()) {
      case PREEMPTED -> after.with(after.nominations().spending(event.at()));
      // What became inactive was replaced then, and costs nothing more.
      case EXPUNGED ->
          instance.condition() == Condition.UNREACHABLE
              ? after.with(after.evictions().spent(event.at()))
              : after;
      case REQUESTED, SCALED_DOWN, REPLACED, APP_REMOVED, UNHEALTHY, NODE_DRAINED, REBALANCED ->
          after;
    };
  }

  static State ended(State state, Event.InstanceEnded event) {
    Instance instance = state.instance(event.instance()).orElse(null);
    if (instance == null) {
      return state;
    }
    Condition last =
        Lifecycle.next(instance.condition(), event.trigger()).orElse(instance.condition());
    if (!last.isTerminal()) {
      return state;
    }
    State next = done(removed(state, instance, event.at()), instance, last, event);
    Optional<TaskEnd> failure = failure(instance, last, event.end());
    if (failure.isEmpty() || instance.place().isEmpty() || isMisfortune(state, instance, event)) {
      return next;
    }
    if (last == Condition.KILLED && next.formation(instance.app()).isEmpty()) {
      // The app was forgotten before its last instance, so that nothing would forget its failures.
      return next;
    }
    var happened =
        new Failures.Failure(
            instance.id(),
            instance.place().get().node(),
            instance.version(),
            failure.get(),
            event.at());
    Failures known = next.failures().get(instance.app());
    Failures failures =
        known == null
            ? new Failures(instance.generation(), 1, happened)
            : known.plus(instance.generation(), happened);
    return next.withFailures(next.failures().put(instance.app(), failures));
  }

  /// Counts an instance of a run-once app that is not followed by another: one that there is still
  /// a slot for, that nobody ended to have fewer or others, and that its policy does not start
  /// again.
  private static State done(
      State state, Instance instance, Condition last, Event.InstanceEnded event) {
    Formation formation = state.formation(instance.app()).orElse(null);
    if (formation == null
        || !formation.app().generation().equals(instance.generation())
        || !isOver(formation.app().spec().restartPolicy(), instance, last)
        || isMisfortune(state, instance, event)) {
      return state;
    }
    Optional<Finished> known = state.finished(formation);
    int open = formation.instances() - known.map(Finished::all).orElse(0);
    if (!isFewer(state, formation, open)) {
      return state;
    }
    int well = last == Condition.FINISHED ? 1 : 0;
    var finished =
        new Finished(
            instance.generation(),
            known.map(Finished::succeeded).orElse(0) + well,
            known.map(Finished::failed).orElse(0) + 1 - well,
            new Finished.Last(instance.id(), instance.version(), event.end(), event.at()));
    return state.withFinished(state.finished().put(instance.app(), finished));
  }

  /// Whether fewer than `open` instances have a slot: those that another takes the place of, or has
  /// taken it, have none. Mostly there are fewer of any kind, so that they need not be looked at.
  private static boolean isFewer(State state, Formation formation, int open) {
    PathId app = formation.app().id();
    Tally tally = state.tally(app);
    if (tally.all() - tally.givenUp() < open) {
      return true;
    }
    int holding = 0;
    for (Instance other : state.instancesOf(app).values()) {
      holding += hasSlot(state, formation, other) ? 1 : 0;
    }
    return holding < open;
  }

  private static boolean hasSlot(State state, Formation formation, Instance instance) {
    boolean outdated =
        formation.replacing() && !instance.generation().equals(formation.app().generation());
    boolean leaving =
        instance
            .place()
            .filter(place -> place.volumes().isEmpty())
            .flatMap(place -> state.node(place.node()))
            .filter(NodeRecord::givesUp)
            .isPresent();
    return switch (instance.condition()) {
      case SCHEDULED -> true;
      case PROVISIONED, STAGING, RUNNING, UNREACHABLE -> !outdated && !leaving;
      case UNREACHABLE_INACTIVE, KILLING, FINISHED, FAILED, KILLED, GONE, DROPPED -> false;
    };
  }

  private static boolean isOver(RestartPolicy policy, Instance instance, Condition last) {
    return switch (policy) {
      case ALWAYS -> false;
      case ON_FAILURE -> last == Condition.FINISHED;
      case NEVER -> instance.kill().map(Instance.Kill::isForItself).orElse(true);
    };
  }

  /// A port that was chosen for the instance, and that somebody else has, is nothing that its app
  /// did: another one is chosen the next time.
  private static boolean isMisfortune(State state, Instance instance, Event.InstanceEnded event) {
    return event.end().reason() == TaskEnd.Reason.PORT_IN_USE
        && state
            .app(instance.app(), instance.version())
            .filter(app -> app.spec().requirePorts())
            .isEmpty();
  }

  /// What counts as a failure of the app: an end that nobody ordered, and one that its health
  /// ordered.
  private static Optional<TaskEnd> failure(Instance instance, Condition last, TaskEnd end) {
    return switch (last) {
      case FAILED, GONE -> Optional.of(end);
      case KILLED ->
          instance
              .kill()
              .filter(kill -> kill.reason() == KillReason.UNHEALTHY)
              .map(kill -> TaskEnd.of(TaskEnd.Reason.KILLED, "unhealthy: " + kill.detail()));
      case FINISHED,
          DROPPED,
          SCHEDULED,
          PROVISIONED,
          STAGING,
          RUNNING,
          UNREACHABLE,
          UNREACHABLE_INACTIVE,
          KILLING ->
          Optional.empty();
    };
  }

  private static State put(State state, Instance instance) {
    var ofApp = state.instancesOf(instance.app());
    Instance before = ofApp.get(instance.id());
    return state
        .withInstances(
            state.instances().put(instance.app(), ofApp.put(instance.id(), instance)),
            waiting(state, instance.app(), isWaiting(before), isWaiting(instance)),
            state.nodes())
        .withTallies(tallied(state, instance.app(), before, instance));
  }

  private static PersistentMap<PathId, Tally> tallied(
      State state, PathId app, @Nullable Instance before, @Nullable Instance after) {
    Tally next = state.tally(app).replacing(before, after);
    return next.byVersion().isEmpty()
        ? state.tallies().remove(app)
        : state.tallies().put(app, next);
  }

  private static State removed(State state, Instance instance, Instant at) {
    var ofApp = state.instancesOf(instance.app()).remove(instance.id());
    var instances =
        ofApp.isEmpty()
            ? state.instances().remove(instance.app())
            : state.instances().put(instance.app(), ofApp);
    Nodes nodes = state.nodes();
    if (instance.place().isPresent()) {
      nodes = nodes.vacated(instance.id(), instance.place().get());
      nodes = VolumeEvolution.detached(nodes, instance, at);
    }
    State next =
        state
            .withInstances(
                instances, waiting(state, instance.app(), isWaiting(instance), false), nodes)
            .withTallies(tallied(state, instance.app(), instance, null))
            .with(state.nominations().without(instance.id()));
    return ofApp.isEmpty() ? withoutVersions(next, instance.app()) : next;
  }

  /// The versions of a removed app are kept for its last instance.
  private static State withoutVersions(State state, PathId app) {
    return Evolution.isForgotten(state, app)
        ? state.with(state.root(), state.versions().remove(app))
        : state;
  }

  private static boolean isWaiting(@Nullable Instance instance) {
    return instance != null && instance.condition() == Condition.SCHEDULED;
  }

  private static PersistentMap<PathId, Integer> waiting(
      State state, PathId app, boolean before, boolean after) {
    int count = state.waiting().getOrDefault(app, 0) + (after ? 1 : 0) - (before ? 1 : 0);
    return count == 0 ? state.waiting().remove(app) : state.waiting().put(app, count);
  }

  private static Nodes occupied(State state, Instance instance, Instance.Place place) {
    Nodes nodes = state.nodes();
    NodeRecord node = nodes.byId().get(place.node());
    OptionalLong supply =
        state
            .app(instance.app(), instance.version())
            .map(version -> Supplies.neededBy(version.spec()))
            .orElse(OptionalLong.empty());
    if (node != null && supply.isPresent()) {
      nodes = nodes.with(node.supplied(supply.getAsLong()));
    }
    return nodes.occupied(instance.id(), instance.app(), place);
  }
}
