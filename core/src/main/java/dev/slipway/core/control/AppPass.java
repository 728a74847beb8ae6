package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.RollingUpdate;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Brings one app's instances nearer to its formation: ends what is too much or replaced, makes
/// what is missing, puts on nodes what stands on none. Level-triggered: it looks at what is, not at
/// what happened.
final class AppPass {
  private AppPass() {}

  static void run(Draft draft, PathId app) {
    Optional<Instant> nextMove = MovePass.look(draft, app);
    Optional<Formation> formation = draft.state().formation(app);
    if (formation.isEmpty()) {
      draft.wakeUp(app, OpenOrders.giveAgain(draft, app));
      return;
    }
    if (draft.isFull()) {
      draft.wakeUp(app, Optional.of(draft.now()));
      return;
    }
    Optional<Instant> nextPatience = Silence.endure(draft, formation.get());
    Census census = Census.of(draft.state(), formation.get());
    if (isOver(draft.state(), census)) {
      VolumeCommands.appRemoved(draft, census.formation().app());
      draft.record(new Event.AppForgotten(app, draft.now()));
      draft.wakeUp(app, OpenOrders.giveAgain(draft, app));
      return;
    }
    Optional<Instant> nextLaunch;
    if (formation.get().isDaemon()) {
      nextLaunch = Daemons.run(draft, census, isPaused(draft.state(), census));
    } else {
      adjust(draft, census);
      nextLaunch = place(draft, census);
    }
    Optional<Instant> nextOrder = OpenOrders.giveAgain(draft, app);
    Optional<Instant> next = Times.earlier(nextPatience, Times.earlier(nextLaunch, nextOrder));
    next = Times.earlier(next, Times.earlier(nextMove, Deadlines.next(draft.state(), app)));
    draft.wakeUp(app, draft.isFull() ? Optional.of(draft.now()) : next);
  }

  /// Looks at an app of which an instance told of its progress: mostly there is nothing to do.
  static void glance(Draft draft, PathId app) {
    Optional<Formation> formation = draft.state().formation(app);
    if (formation.isEmpty() || Steady.isSteady(draft.state(), formation.get())) {
      return;
    }
    if (Steady.isLackingAlone(draft.state(), formation.get()) && !draft.isFull()) {
      Daemons.fill(draft, formation.get().app());
      return;
    }
    run(draft, app);
  }

  private static boolean isOver(State state, Census census) {
    Formation formation = census.formation();
    return formation.instances() == 0
        && census.isEmpty()
        && !state.root().apps().containsKey(formation.app().id());
  }

  private static void adjust(Draft draft, Census census) {
    if (census.formation().instances() == 0) {
      KillReason reason =
          draft.state().root().apps().containsKey(census.formation().app().id())
              ? KillReason.SCALED_DOWN
              : KillReason.APP_REMOVED;
      List<Instance> all = new ArrayList<>(census.current());
      all.addAll(census.replaced());
      all.addAll(census.inactive());
      all.forEach(instance -> kill(draft, instance, reason));
      return;
    }
    int wanted = census.wanted();
    if (isPaused(draft.state(), census)) {
      schedule(draft, census.formation().app(), missing(census));
      return;
    }
    int launches = wanted - census.current().size();
    if (census.isReplacing()) {
      RollingUpdate.Moves moves = moves(draft, census);
      ScaleDown.weakestFirst(census, census.replaced(), true).stream()
          .limit(moves.kills())
          .forEach(instance -> giveWay(draft, census, instance));
      launches = moves.launches();
    }
    int excess = census.current().size() - wanted;
    if (excess > 0) {
      ScaleDown.select(census, draft.state().nodes().byId(), excess)
          .forEach(instance -> kill(draft, instance, KillReason.SCALED_DOWN));
    }
    schedule(draft, census.formation().app(), launches - census.endingForGood());
  }

  private static boolean isPaused(State state, Census census) {
    return Optional.ofNullable(state.locks().get(census.formation().app().id()))
        .flatMap(state::deployment)
        .filter(Deployment::isPaused)
        .isPresent();
  }

  /// What a paused app starts: what takes the place of instances that ended, and nothing more.
  private static int missing(Census census) {
    int there = census.current().size() + census.replaced().size() + census.ending().size();
    return Math.max(0, census.wanted() - there);
  }

  private static void kill(Draft draft, Instance instance, KillReason reason) {
    if (draft.takeKill()) {
      Decider.kill(draft, instance, reason, "");
    }
  }

  private static RollingUpdate.Moves moves(Draft draft, Census census) {
    AppSpec spec = census.formation().app().spec();
    boolean roomless =
        draft.isRoomless(spec.id())
            && census.unplaced() > 0
            && !isDelayed(draft, census)
            && !isOnlyMoving(draft.state(), census);
    UpgradeStrategy strategy = spec.upgradeStrategy();
    // Where only a node is emptied, and more instances may run than are wanted, others come first;
    // fewer than all are ready only where there is no room for those.
    if (census.isOnlyLeaving() && strategy.maximumOverCapacity() > 0 && !roomless) {
      strategy = new UpgradeStrategy(1, strategy.maximumOverCapacity());
    }
    return RollingUpdate.next(census.counts(roomless), strategy, spec.isResident());
  }

  /// Nobody is ended for lack of room where he could as well stay.
  private static boolean isOnlyMoving(State state, Census census) {
    return census.replaced().stream().allMatch(instance -> census.isMoved(state, instance));
  }

  private static void giveWay(Draft draft, Census census, Instance instance) {
    if (census.isMoved(draft.state(), instance)) {
      MovePass.leave(draft, instance);
      return;
    }
    kill(
        draft,
        instance,
        census.isOutdated(instance) ? KillReason.REPLACED : KillReason.NODE_DRAINED);
  }

  static void schedule(Draft draft, App app, int count) {
    for (int i = 0; i < count && draft.takeSlot(); i++) {
      InstanceId id = InstanceId.of(app.id(), draft.state().platform().identity(0));
      draft.record(new Event.InstanceScheduled(id, app.version(), app.generation(), draft.now()));
    }
  }

  /// Puts what it can on nodes, those first that room is kept for; tells when the next launch is
  /// allowed if one is being delayed.
  private static Optional<Instant> place(Draft draft, Census census) {
    App app = census.formation().app();
    if (!draft.state().waiting().containsKey(app.id())) {
      return Optional.empty();
    }
    if (draft.letsOthersGoFirst(app.id(), app.spec().scheduling().priority())) {
      return Optional.empty();
    }
    Residence residence = Residence.of(draft.state(), app.spec());
    Optional<Instant> next =
        Preemption.review(
            draft, app, waiting(draft.state(), app.id()), request(draft, app, residence));
    if (Gang.isAllOrNone(census)) {
      return Times.earlier(next, Gang.place(draft, app));
    }
    for (Instance instance : waiting(draft.state(), app.id())) {
      Optional<Backoff> backoff = backoff(draft, app);
      if (backoff.isPresent() && backoff.get().until().isAfter(draft.now())) {
        return Times.earlier(next, Optional.of(backoff.get().until()));
      }
      if (residence.takeWaiting()) {
        continue;
      }
      if (!draft.takeLaunch()) {
        return Optional.of(draft.now());
      }
      MovePass.Arrival arrival = MovePass.place(draft, app, instance);
      if (arrival == MovePass.Arrival.GIVEN_UP) {
        return next;
      }
      if (arrival == MovePass.Arrival.THERE) {
        backoff.ifPresent(delayed -> renew(draft, app, instance, delayed));
        continue;
      }
      Request request = request(draft, app, residence);
      if (!placeOne(draft, app, instance, request, residence)) {
        Preemption.Prospect prospect = Preemption.seek(draft, app, instance, request);
        next = Times.earlier(next, prospect.again());
        if (residence.passesOn() || prospect.promised()) {
          continue;
        }
        draft.noteRoomless(app.id(), census.isReplacing());
        return next;
      }
      backoff.ifPresent(delayed -> renew(draft, app, instance, delayed));
    }
    return next;
  }

  static Request request(Draft draft, App app, Residence residence) {
    return residence.next(Request.of(app.spec(), draft.state().platform().firstPort()));
  }

  static void renew(Draft draft, App app, Instance instance, Backoff delayed) {
    Backoff next = delayed.renewed(app.spec().backoff(), instance.id(), draft.now());
    draft.record(new Event.BackoffSet(app.id(), next, draft.now()));
  }

  static List<Instance> waiting(State state, PathId app) {
    List<Instance> waiting = new ArrayList<>();
    for (Instance instance : state.instancesOf(app).values()) {
      if (instance.condition() == Condition.SCHEDULED) {
        waiting.add(instance);
      }
    }
    waiting.sort(
        Comparator.comparingInt(
                (Instance one) -> state.nominations().of(one.id()).isPresent() ? 0 : 1)
            .thenComparing(Instance::scheduledAt)
            .thenComparing(Instance::id));
    return waiting;
  }

  /// The delay in force; one of another generation, or long past, is cleared.
  static Optional<Backoff> backoff(Draft draft, App app) {
    Backoff backoff = draft.state().backoffs().get(app.id());
    if (backoff == null) {
      return Optional.empty();
    }
    if (!backoff.generation().equals(app.generation())
        || backoff.isForgotten(app.spec().backoff(), draft.now())) {
      draft.record(new Event.BackoffCleared(app.id(), draft.now()));
      return Optional.empty();
    }
    if (backoff.lastEvent().isAfter(draft.now())) {
      // The clock was set back: the delay begins anew, so that it does not last until the clock is
      // where it was.
      Backoff renewed =
          new Backoff(
              backoff.generation(),
              backoff.delay(),
              draft.now().plus(backoff.delay()),
              draft.now());
      draft.record(new Event.BackoffSet(app.id(), renewed, draft.now()));
      return Optional.of(renewed);
    }
    return Optional.of(backoff);
  }

  private static boolean isDelayed(Draft draft, Census census) {
    return backoff(draft, census.formation().app())
        .filter(backoff -> backoff.until().isAfter(draft.now()))
        .isPresent();
  }

  static boolean placeOne(
      Draft draft, App app, Instance instance, Request request, Residence residence) {
    return switch (draft.place(request, instance.id())) {
      case Outcome.NotPlaced notPlaced -> false;
      case Outcome.Placed placed -> {
        launch(
            draft,
            app,
            instance,
            VolumeCommands.withVolumes(draft, app.spec(), instance, placed.place(), residence));
        yield true;
      }
    };
  }

  static void launch(Draft draft, App app, Instance instance, Instance.Place place) {
    int next = draft.state().platform().portCursorAfter(place.hostPorts().size());
    draft.record(
        new Event.InstancePlaced(
            instance.id(), app.version(), app.generation(), place, next, draft.now()));
    Instance launched = draft.state().instance(instance.id()).orElseThrow();
    Orders.launch(draft.state(), launched).ifPresent(draft::effect);
  }
}
