package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Limits;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.Finished;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.core.volume.PersistentVolume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What holds after every decision, whatever happens; each check bears the name of its {@link
/// Rule}.
final class Invariants {
  private static final int MAX_EVENTS = 5_000;

  private Invariants() {}

  static void check(Step step) {
    epochs(step);
    step.decision().effects().forEach(effect -> hasCause(step, effect));
    Wanted.check(step);
    GangChecks.check(step);
    State state = step.after();
    if (step.decision().events().isEmpty()) {
      Rule.PURE.holds(state.equals(step.before()), "%s", step.input());
      return;
    }
    Rule.PURE.holds(
        step.decision().reply().refusal().isEmpty(), "refused: %s", step.decision().reply());
    State replayed = Evolution.applyAll(step.before(), step.decision().events());
    Rule.REPLAY.holds(replayed.equals(state), "after %s", step.input());
    Holdings.check(state);
    Yielding.check(step);
    locks(state);
    moves(step);
    bounds(step);
    step.decision().events().stream()
        .filter(Event.InstanceScheduled.class::isInstance)
        .map(event -> ((Event.InstanceScheduled) event).instance().app())
        .distinct()
        .forEach(app -> noMoreThanAllowed(step, app));
    if (step.input() instanceof Input.NodePressureSeen seen) {
      pressed(step, seen);
    }
    State then = step.before();
    for (Event event : step.decision().events()) {
      if (event instanceof Event.KillOrdered order) {
        Causes.check(then, step, order);
        enoughStayReady(then, step, order);
      }
      Rule.SILENCE.holds(
          !isEviction(event) || then.evictions().pause().isEmpty(), "paused, but %s", event);
      if (event instanceof Event.InstanceEnded ended) {
        Rule.SILENCE.holds(!(step.input() instanceof Input.NodeSilent), "%s", ended);
      }
      State before = then;
      then = Evolution.apply(then, event);
      if (event instanceof Event.InstancePlaced placed) {
        hasRoom(before, then, placed);
        leavesHeadroom(before, then, placed);
      }
    }
  }

  private static boolean isEviction(Event event) {
    return (event instanceof Event.InstanceProgressed progressed
            && progressed.trigger() == Trigger.WAITED_FOR)
        || (event instanceof Event.KillOrdered order
            && order.kill().reason() == KillReason.EXPUNGED);
  }

  private static void pressed(Step step, Input.NodePressureSeen seen) {
    Rule.PRESSURE.holds(
        step.decision().effects().isEmpty()
            && step.decision().events().stream()
                .allMatch(event -> event instanceof Event.NodePressureChanged),
        "%s gives %s",
        seen,
        step.decision().events());
  }

  /// Who takes processors is put where they are offered, on a node that takes one more.
  private static void hasRoom(State before, State after, Event.InstancePlaced placed) {
    var node = after.node(placed.place().node()).orElseThrow();
    Rule.PLACES.holds(
        before.node(node.id()).orElseThrow().state() == NodeRecord.State.READY
            && node.places() >= 0,
        "%s does not take %s",
        node,
        placed);
    Rule.PLACES.holds(
        placed.place().resources().milliCpus() == 0 || node.free().milliCpus() >= 0,
        "%s has no room for %s",
        node,
        placed);
  }

  /// Who may not take headroom leaves as many slots as there were, of those that are wanted.
  private static void leavesHeadroom(State before, State after, Event.InstancePlaced placed) {
    var priority =
        after
            .app(placed.instance().app(), placed.version())
            .map(app -> app.spec().scheduling())
            .filter(scheduling -> !scheduling.daemon())
            .map(Scheduling::priority);
    if (priority.filter(one -> one < 0).isEmpty()) {
      return;
    }
    for (HeadroomClass wanted : after.placementPolicy().headroom().values()) {
      long had = Math.min(wanted.count(), slots(before, wanted.resources()));
      long left = slots(after, wanted.resources());
      Rule.HEADROOM.holds(left >= had, "%d slots of %d are left by %s", left, had, placed);
    }
  }

  /// How many slots of processors and memory fit, whatever else is wanted.
  private static long slots(State state, Resources each) {
    long slots = 0;
    for (NodeRecord node : state.nodes().byId().values()) {
      if (node.state() == NodeRecord.State.READY) {
        long cpus = node.free().milliCpus() / each.milliCpus();
        long amounts = Math.min(cpus, node.free().memBytes() / each.memBytes());
        slots += Math.max(0, Math.min(amounts, node.places()));
      }
    }
    return slots;
  }

  private static void epochs(Step step) {
    Epoch before = step.before().platform().epoch();
    Epoch after = step.after().platform().epoch();
    Rule.EPOCH.holds(after.compareTo(before) >= 0, "%s after %s", after, before);
    Rule.EPOCH.holds(
        after.equals(before) || step.input() instanceof Input.TakeLeadership,
        "%s by %s",
        after,
        step.input());
    for (Effect effect : step.decision().effects()) {
      Epoch given =
          switch (effect) {
            case Effect.Launch(var launch) -> launch.epoch();
            case Effect.Kill kill -> kill.epoch();
            case Effect.DestroyVolume destroy -> destroy.epoch();
            case Effect.ReportStray _ -> after;
          };
      Rule.EPOCH.holds(given.equals(after), "%s in %s", effect, after);
    }
  }

  /// Nothing is ended without a recorded reason, and nothing launched that has no place.
  private static void hasCause(Step step, Effect effect) {
    State state = step.after();
    switch (effect) {
      case Effect.Kill kill ->
          Rule.KILL_CAUSE.holds(
              state.instance(kill.task().instance()).flatMap(Instance::kill).isPresent(),
              "%s",
              kill);
      case Effect.Launch(var launch) ->
          Rule.RUNS_ONCE.holds(
              state
                  .instance(launch.id().instance())
                  .flatMap(Instance::place)
                  .filter(place -> place.node().equals(launch.node()))
                  .isPresent(),
              "%s is launched where it was not put",
              launch);
      case Effect.DestroyVolume destroy ->
          Rule.VOLUMES.holds(
              state
                  .nodes()
                  .volume(destroy.app(), destroy.volume())
                  .filter(PersistentVolume::isCondemned)
                  .isPresent(),
              "%s",
              destroy);
      case Effect.ReportStray stray ->
          Rule.ORPHANS.holds(
              state
                  .instance(stray.task().instance())
                  .flatMap(Instance::place)
                  .filter(place -> place.node().equals(stray.node()))
                  .isEmpty(),
              "%s is known",
              stray);
    }
  }

  /// Instances are added only while there are fewer than the strategy allows.
  private static void noMoreThanAllowed(Step step, PathId app) {
    int there = staying(step.after(), app);
    var formation = step.after().formation(app);
    if (there <= staying(step.before(), app) || formation.isEmpty() || formation.get().isDaemon()) {
      return;
    }
    int wanted = formation.get().instances();
    double over = formation.get().app().spec().upgradeStrategy().maximumOverCapacity();
    int most = Math.max(wanted + 1, (int) Math.floor(wanted * (1 + over)));
    Rule.CAPACITY.holds(there <= most, "%d instances of %s, %d wanted", there, app, wanted);
  }

  /// What the platform ends of its own accord leaves as many ready as the strategy asks for.
  private static void enoughStayReady(State then, Step step, Event.KillOrdered order) {
    PathId app = order.instance().app();
    boolean planned =
        switch (order.kill().reason()) {
          case SCALED_DOWN, REPLACED, NODE_DRAINED, REBALANCED, PREEMPTED -> true;
          case REQUESTED, UNHEALTHY, APP_REMOVED, EXPUNGED -> false;
        };
    var formation = then.formation(app);
    if (!planned || formation.isEmpty()) {
      return;
    }
    if (formation.get().isDaemon()) {
      if (order.kill().reason() == KillReason.REPLACED) {
        DaemonChecks.enoughStayReady(then, formation.get(), order);
      }
      if (order.kill().reason() == KillReason.PREEMPTED) {
        DaemonChecks.enoughStayReadyForOthers(then, formation.get(), order);
      }
      return;
    }
    var spec = formation.get().app().spec();
    boolean wasReady =
        then.instance(order.instance()).filter(one -> Holdings.isReady(then, one)).isPresent();
    int wanted = wanted(then, formation.get());
    int minimum = (int) Math.ceil(wanted * spec.upgradeStrategy().minimumHealthCapacity());
    if (spec.isResident() && minimum == wanted) {
      // Two cannot have one volume, so that one goes before another comes, as in Marathon.
      minimum--;
    }
    int ready = -1;
    for (Instance instance : then.instancesOf(app).values()) {
      ready += Holdings.isReady(then, instance) ? 1 : 0;
    }
    Rule.HEALTH.holds(
        !wasReady || ready >= minimum,
        "%d of %s are ready, not %d, after %s; before: %s, then: %s",
        ready,
        app,
        minimum,
        order,
        conditions(step.before(), app),
        step.decision().events());
  }

  static List<String> conditions(State state, PathId app) {
    List<String> all = new ArrayList<>();
    for (Instance instance : state.instancesOf(app).values()) {
      all.add(instance.id() + " " + instance.condition() + " " + instance.health());
    }
    return all;
  }

  /// Those of run-once work that are done are not started again.
  static int wanted(State state, Formation formation) {
    int done = state.finished(formation).map(Finished::all).orElse(0);
    return Math.max(0, state.wanted(formation) - done);
  }

  static int staying(State state, PathId app) {
    int count = 0;
    for (Instance instance : state.instancesOf(app).values()) {
      boolean leaves =
          instance.condition() == Condition.KILLING
              || instance.condition() == Condition.UNREACHABLE_INACTIVE;
      count += leaves ? 0 : 1;
    }
    return count;
  }

  private static void moves(Step step) {
    var before = step.before().rebalancing();
    var now = step.after().rebalancing();
    int most = step.after().placementPolicy().rebalancing().movesAtOnce();
    Rule.MOVES.holds(
        now.moving().size() <= Math.max(most, before.moving().size()), "%s", now.moving());
    now.moving()
        .forEach(
            (app, move) ->
                Rule.MOVES.holds(
                    move.move().instance().app().equals(app)
                        && !step.after().locks().containsKey(app),
                    "%s of %s, which a deployment holds",
                    move,
                    app));
    Rule.MOVES.holds(
        now.goingOn().filter(run -> run.planned().isEmpty() && now.moving().isEmpty()).isEmpty(),
        "%s waits for nothing",
        now);
    for (Event event : step.decision().events()) {
      if (event instanceof Event.InstancePlaced placed) {
        now.moving()
            .values()
            .forEach(
                move ->
                    Rule.MOVES.holds(
                        !move.replacement().equals(Optional.of(placed.instance()))
                            || placed.place().node().equals(move.move().to()),
                        "%s stands on %s",
                        move,
                        placed.place()));
      }
    }
  }

  private static void locks(State state) {
    state
        .locks()
        .forEach(
            (app, holder) ->
                Rule.LOCKS.holds(
                    state.deployment(holder).isPresent(), "%s by %s, which is over", app, holder));
    for (var deployment : state.deployments().values()) {
      for (PathId app : deployment.apps().keySet()) {
        Rule.LOCKS.holds(
            deployment.id().equals(state.locks().get(app)), "%s of %s", app, deployment.id());
      }
    }
  }

  private static void bounds(Step step) {
    State state = step.after();
    int events = step.decision().events().size();
    Rule.BOUNDED.holds(events <= MAX_EVENTS, "%d events by %s", events, step.input());
    Rule.BOUNDED.holds(state.ended().size() <= State.MAX_ENDED, "ended deployments");
    Rule.BOUNDED.holds(state.deployments().size() <= Limits.DEPLOYMENTS, "deployments");
    Set<PathId> known = new HashSet<>();
    state.formations().keys().forEach(known::add);
    state.backoffs().keys().forEach(app -> isKnown(known, app, "a backoff"));
    state.failures().keys().forEach(app -> isKnown(known, app, "failures"));
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        // One that is to be ended on a silent node may outlive its app.
        if (instance.condition() != Condition.KILLING) {
          isKnown(known, instance.app(), "instances");
        }
      }
    }
    state.root().apps().keys().forEach(known::add);
    state
        .versions()
        .forEach(
            (app, versions) -> {
              boolean remembered =
                  state.plans().history().versions().stream()
                      .anyMatch(version -> version.apps().containsKey(app));
              if (state.instancesOf(app).isEmpty() && !remembered) {
                isKnown(known, app, "versions");
              }
              int most = State.MAX_VERSIONS + state.instancesOf(app).size() + 2;
              Rule.BOUNDED.holds(versions.size() <= most, "versions of %s", app);
            });
    for (App app : state.root().apps().values()) {
      Rule.BOUNDED.holds(
          state.app(app.id(), app.version()).isPresent(), "%s is not kept", app.versions());
    }
  }

  private static void isKnown(Set<PathId> known, PathId app, String what) {
    Rule.BOUNDED.holds(known.contains(app), "%s of %s, which is gone, are kept", what, app);
  }
}
