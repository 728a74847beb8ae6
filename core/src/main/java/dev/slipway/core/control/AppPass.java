package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.RollingUpdate;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.Siblings;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Brings one app's instances nearer to its formation: ends what is too much or replaced, makes
/// what is missing, puts on nodes what stands on none. Level-triggered: it looks at what is, not at
/// what happened.
final class AppPass {
  /// How late a look may come and still be the one that was asked for to give an order again.
  private static final Duration LATEST_LOOK = Duration.ofSeconds(5);

  private AppPass() {}

  static void run(Draft draft, PathId app) {
    Optional<Formation> formation = draft.state().formation(app);
    if (formation.isEmpty()) {
      draft.wakeUp(app, Optional.empty());
      return;
    }
    Census census = Census.of(draft.state(), formation.get());
    if (isOver(draft.state(), census)) {
      draft.record(new Event.AppForgotten(app, draft.now()));
      draft.wakeUp(app, Optional.empty());
      return;
    }
    adjust(draft, census);
    Optional<Instant> nextLaunch = place(draft, formation.get());
    Optional<Instant> nextOrder = orderAgain(draft, app);
    draft.wakeUp(app, earlier(nextLaunch, nextOrder));
  }

  private static boolean isOver(State state, Census census) {
    Formation formation = census.formation();
    return formation.instances() == 0
        && census.isEmpty()
        && !state.root().apps().containsKey(formation.app().id());
  }

  private static void adjust(Draft draft, Census census) {
    int wanted = census.formation().instances();
    if (wanted == 0) {
      KillReason reason =
          draft.state().root().apps().containsKey(census.formation().app().id())
              ? KillReason.SCALED_DOWN
              : KillReason.APP_REMOVED;
      census.current().forEach(instance -> Decider.kill(draft, instance, reason, ""));
      census.replaced().forEach(instance -> Decider.kill(draft, instance, reason, ""));
      return;
    }
    int launches = wanted - census.current().size();
    if (census.isReplacing()) {
      var strategy = census.formation().app().spec().upgradeStrategy();
      RollingUpdate.Moves moves =
          RollingUpdate.next(census.counts(isDelayed(draft, census)), strategy);
      weakestFirst(census, census.replaced(), true).stream()
          .limit(moves.kills())
          .forEach(instance -> Decider.kill(draft, instance, reason(census, instance), ""));
      launches = moves.launches();
    }
    int excess = census.current().size() - wanted;
    if (excess > 0) {
      weakestFirst(census, census.current(), false).stream()
          .limit(excess)
          .forEach(instance -> Decider.kill(draft, instance, KillReason.SCALED_DOWN, ""));
    }
    schedule(draft, census.formation().app(), launches);
  }

  private static KillReason reason(Census census, Instance instance) {
    return census.isOutdated(instance) ? KillReason.REPLACED : KillReason.NODE_DRAINED;
  }

  /// Those that are missed least come first: on no node, unreachable, being prepared, running but
  /// not ready, ready; equal ones by the app's kill selection. Of those that give way to others,
  /// the unreachable ones come later: they may be serving, and ending them makes no room now.
  private static List<Instance> weakestFirst(
      Census census, List<Instance> instances, boolean givingWay) {
    Comparator<Instance> byAge = Comparator.comparing(Instance::scheduledAt);
    KillSelection selection = census.formation().app().spec().killSelection();
    List<Instance> sorted = new ArrayList<>(instances);
    sorted.sort(
        Comparator.comparingInt((Instance instance) -> strength(census, instance, givingWay))
            .thenComparing(selection == KillSelection.YOUNGEST_FIRST ? byAge.reversed() : byAge)
            .thenComparing(Instance::id));
    return sorted;
  }

  private static int strength(Census census, Instance instance, boolean givingWay) {
    return switch (instance.condition()) {
      case SCHEDULED -> 0;
      case UNREACHABLE -> givingWay ? 5 : 1;
      case PROVISIONED -> 2;
      case STAGING -> 3;
      case RUNNING -> census.isReady(instance) ? 6 : 4;
      case KILLING, FINISHED, FAILED, KILLED, GONE, DROPPED -> 7;
    };
  }

  private static void schedule(Draft draft, App app, int count) {
    for (int i = 0; i < count; i++) {
      InstanceId id = InstanceId.of(app.id(), draft.state().platform().identity(0));
      draft.record(new Event.InstanceScheduled(id, app.version(), app.generation(), draft.now()));
    }
  }

  /// Puts what it can on nodes; tells when the next launch is allowed if one is being delayed.
  private static Optional<Instant> place(Draft draft, Formation formation) {
    App app = formation.app();
    if (!draft.state().waiting().containsKey(app.id())) {
      return Optional.empty();
    }
    List<Instance> waiting = new ArrayList<>();
    for (Instance instance : draft.state().instancesOf(app.id()).values()) {
      if (instance.condition() == Condition.SCHEDULED) {
        waiting.add(instance);
      }
    }
    waiting.sort(Comparator.comparing(Instance::scheduledAt).thenComparing(Instance::id));
    Siblings siblings = siblings(draft.state(), app);
    for (Instance instance : waiting) {
      Optional<Backoff> backoff = backoff(draft, app);
      if (backoff.isPresent() && backoff.get().until().isAfter(draft.now())) {
        return Optional.of(backoff.get().until());
      }
      if (!placeOne(draft, app, instance, siblings)) {
        return Optional.empty();
      }
      backoff.ifPresent(
          delayed ->
              draft.record(
                  new Event.BackoffSet(app.id(), delayed.renewed(draft.now()), draft.now())));
    }
    return Optional.empty();
  }

  /// The delay in force; one of another generation, or long past, is cleared.
  private static Optional<Backoff> backoff(Draft draft, App app) {
    Backoff backoff = draft.state().backoffs().get(app.id());
    if (backoff == null) {
      return Optional.empty();
    }
    if (!backoff.generation().equals(app.generation())
        || backoff.isForgotten(app.spec().backoff(), draft.now())) {
      draft.record(new Event.BackoffCleared(app.id(), draft.now()));
      return Optional.empty();
    }
    return Optional.of(backoff);
  }

  private static boolean isDelayed(Draft draft, Census census) {
    return backoff(draft, census.formation().app())
        .filter(backoff -> backoff.until().isAfter(draft.now()))
        .isPresent();
  }

  private static Siblings siblings(State state, App app) {
    List<Instance> instances = new ArrayList<>();
    state.instancesOf(app.id()).values().forEach(instances::add);
    return Siblings.of(state.nodes(), instances);
  }

  private static boolean placeOne(Draft draft, App app, Instance instance, Siblings siblings) {
    State state = draft.state();
    Request request = Request.of(app.spec(), state.platform().firstPort());
    Outcome outcome = Placement.place(state.nodes(), request, siblings);
    return switch (outcome) {
      case Outcome.NotPlaced notPlaced -> false;
      case Outcome.Placed placed -> {
        int next = state.platform().portCursorAfter(placed.place().hostPorts().size());
        draft.record(
            new Event.InstancePlaced(
                instance.id(), app.version(), app.generation(), placed.place(), next, draft.now()));
        Instance launched = draft.state().instance(instance.id()).orElseThrow();
        siblings.add(state.nodes(), launched);
        Orders.launch(draft.state(), launched).ifPresent(draft::effect);
        yield true;
      }
    };
  }

  /// Gives orders again that have had no answer for long, and tells when to look the next time. The
  /// times are fixed from when the order was first given, so that looking in between, for whatever
  /// cause, neither gives it more often nor puts it off.
  private static Optional<Instant> orderAgain(Draft draft, PathId app) {
    Optional<Instant> next = Optional.empty();
    for (Instance instance : draft.state().instancesOf(app).values()) {
      Optional<Duration> patience = patience(draft.state(), instance);
      if (patience.isEmpty()) {
        continue;
      }
      Instant first = instance.since().plus(patience.get());
      Duration over = sinceLast(first, draft.now());
      if (draft.isDue(app) && !over.isNegative() && over.compareTo(LATEST_LOOK) < 0) {
        openOrder(draft.state(), instance).ifPresent(draft::effect);
      }
      Instant again = over.isNegative() ? first : draft.now().minus(over).plus(Limits.ORDER_AGAIN);
      next = earlier(next, Optional.of(again));
    }
    return next;
  }

  /// The time since the last of the moments `first`, `first` + {@link Limits#ORDER_AGAIN} and so
  /// on; negative when the first is still to come.
  private static Duration sinceLast(Instant first, Instant now) {
    Duration over = Duration.between(first, now);
    return over.isNegative()
        ? over
        : Duration.ofNanos(over.toNanos() % Limits.ORDER_AGAIN.toNanos());
  }

  private static Optional<Effect> openOrder(State state, Instance instance) {
    return instance.condition() == Condition.KILLING
        ? Optional.of(Orders.kill(state, instance))
        : Orders.launch(state, instance);
  }

  /// How long to wait for an answer to the order that the instance's condition speaks of, if it
  /// does.
  private static Optional<Duration> patience(State state, Instance instance) {
    return switch (instance.condition()) {
      case PROVISIONED -> Optional.of(Limits.ORDER_AGAIN);
      case KILLING -> Optional.of(Orders.grace(state, instance).plus(Limits.ORDER_AGAIN));
      case SCHEDULED, STAGING, RUNNING, UNREACHABLE, FINISHED, FAILED, KILLED, GONE, DROPPED ->
          Optional.empty();
    };
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().isBefore(other.get()) ? one : other;
  }
}
