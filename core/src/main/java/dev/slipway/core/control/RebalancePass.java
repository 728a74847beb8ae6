package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Spot;
import dev.slipway.core.rebalancing.Move;
import dev.slipway.core.rebalancing.Plan;
import dev.slipway.core.rebalancing.Rebalancer;
import dev.slipway.core.rebalancing.Rebalancing;
import dev.slipway.core.rebalancing.Run;
import dev.slipway.core.rebalancing.Situation;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Lets planned moves begin, as many at once as the policy allows, plans anew once they have been
/// made, and begins of its own accord where that is wanted. Runs when a move or a plan ended, and
/// at times that it asks for by the wake-up of the root.
public final class RebalancePass {
  /// Moves of one rebalancing; it ends after so many, and may be asked for again.
  static final int MOST_OF_RUN = 5_000;

  /// Planned moves that are looked at in one go for one that can begin.
  private static final int MOST_LOOKED_AT = 50;

  /// What speaks against a move now.
  ///
  /// @param passes whether it may go when others have ended
  private record Obstacle(boolean passes, String reason) {}

  private RebalancePass() {}

  /// What would be moved if somebody asked now, by the policy that is in force.
  public static Plan plan(State state, Instant now) {
    SortedMap<PathId, AppSpec> apps = new TreeMap<>();
    for (Formation formation : state.formations().values()) {
      apps.put(formation.app().id(), formation.app().spec());
    }
    var mobility = new Mobility(state, now);
    var situation =
        new Situation(
            KeptRoom.of(state, Scheduling.LEAST_PRIORITY, Optional.empty()).nodes(),
            state.root().apps(),
            apps,
            state.instances(),
            mobility::isMovable,
            state.platform().firstPort(),
            now);
    return Rebalancer.plan(situation, state.placementPolicy().rebalancing().minimumGain());
  }

  static Reply start(Draft draft) {
    Rebalancing known = draft.state().rebalancing();
    Optional<Run> run = known.goingOn();
    if (run.isPresent()) {
      return new Reply.Conflict(
          "A rebalancing goes on with %d moves planned and %d under way. Wait for its end or stop it."
              .formatted(run.get().planned().size(), known.moving().size()));
    }
    Plan plan = plan(draft.state(), draft.now());
    if (!plan.isEmpty()) {
      draft.record(new Event.RebalancingPlanned(false, plan.summary(), plan.moves(), draft.now()));
    }
    return new Reply.Rebalancing(plan);
  }

  static Reply stop(Draft draft) {
    Optional<Run> run = draft.state().rebalancing().goingOn();
    if (run.isEmpty()) {
      return new Reply.NotFound("No rebalancing goes on");
    }
    if (!run.get().stopping()) {
      draft.record(new Event.RebalancingStopped(draft.now()));
    }
    return Decider.done();
  }

  /// @return whether anything was decided that apps have to be looked at for
  static boolean run(Draft draft) {
    if (!draft.takeMoves()) {
      return false;
    }
    int before = draft.recorded();
    Optional<Run> run = draft.state().rebalancing().goingOn();
    if (run.isPresent()) {
      order(draft);
      conclude(draft);
    }
    boolean idle = draft.state().rebalancing().goingOn().isEmpty();
    if (idle || draft.state().evictions().pause().isPresent()) {
      Optional<Instant> asked = idle ? unasked(draft) : Optional.empty();
      draft.wakeUp(PathId.ROOT, Times.earlier(asked, EvictionPause.next(draft)));
    }
    return draft.recorded() > before;
  }

  private static void order(Draft draft) {
    int looked = 0;
    for (Move move : draft.state().rebalancing().run().orElseThrow().planned()) {
      Rebalancing now = draft.state().rebalancing();
      boolean full =
          now.moving().size() >= draft.state().placementPolicy().rebalancing().movesAtOnce();
      if (full || looked++ >= MOST_LOOKED_AT) {
        return;
      }
      Optional<Obstacle> obstacle = obstacle(draft.state(), move, draft.now());
      if (obstacle.isEmpty()) {
        draft.record(new Event.InstanceMoveOrdered(move.instance(), draft.now()));
      } else if (!obstacle.get().passes()) {
        draft.record(
            new Event.InstanceMoveEnded(
                move.instance(), false, obstacle.get().reason(), draft.now()));
        looked--;
      }
    }
  }

  /// Ends the rebalancing, or plans anew, once nothing is planned or under way.
  private static void conclude(Draft draft) {
    Rebalancing now = draft.state().rebalancing();
    Run run = now.run().orElseThrow();
    if (!run.planned().isEmpty() || !now.moving().isEmpty()) {
      return;
    }
    Optional<String> end = end(draft.state(), run);
    if (end.isPresent()) {
      draft.record(new Event.RebalancingEnded(end.get(), draft.now()));
      return;
    }
    Plan plan = plan(draft.state(), draft.now());
    draft.record(
        plan.isEmpty()
            ? new Event.RebalancingEnded(plan.summary(), draft.now())
            : new Event.RebalancingPlanned(
                run.automatic(), plan.summary(), plan.moves(), draft.now()));
  }

  private static Optional<String> end(State state, Run run) {
    if (run.stopping()) {
      return Optional.of("it was stopped");
    }
    boolean anyDone =
        run.outcomes().stream()
            .anyMatch(outcome -> outcome.done() && !outcome.at().isBefore(run.plannedAt()));
    if (!anyDone) {
      return Optional.of("none of the moves that were planned last could be made");
    }
    if (run.done() + run.givenUp() >= MOST_OF_RUN) {
      return Optional.of("%d moves are the most of one rebalancing".formatted(MOST_OF_RUN));
    }
    return run.automatic() && !isAtRest(state)
        ? Optional.of("the platform is not at rest any more")
        : Optional.empty();
  }

  private static Optional<Obstacle> obstacle(State state, Move move, Instant now) {
    if (state.rebalancing().moving().containsKey(move.instance().app())) {
      return Optional.of(new Obstacle(true, "another instance of its app is being moved"));
    }
    Instance instance = state.instance(move.instance()).orElse(null);
    if (instance == null) {
      return Optional.of(new Obstacle(false, "it is gone"));
    }
    Optional<String> fixed = new Mobility(state, now).objection(instance);
    if (fixed.isPresent()) {
      return Optional.of(new Obstacle(false, fixed.get()));
    }
    Optional<String> idle = pointless(state, move);
    if (idle.isPresent()) {
      return Optional.of(new Obstacle(false, idle.get()));
    }
    AppSpec spec = state.formation(instance.app()).orElseThrow().app().spec();
    Spot spot = MovePass.spot(state, move, spec);
    return spot instanceof Spot.Free
        ? Optional.empty()
        : Optional.of(
            new Obstacle(!state.rebalancing().moving().isEmpty(), MovePass.refusal(move, spot)));
  }

  /// Why a node is not emptied any more, where that is what the move is for.
  private static Optional<String> pointless(State state, Move move) {
    NodeRecord from = state.node(move.from()).orElse(null);
    NodeRecord to = state.node(move.to()).orElse(null);
    if (from == null || to == null || !from.instances().containsKey(move.instance())) {
      return Optional.of("it does not stand on %s any more".formatted(move.from()));
    }
    if (move.cause() != Move.Cause.EMPTY_NODE) {
      return Optional.empty();
    }
    if (isUnused(state, to)) {
      return Optional.of("%s became free itself".formatted(move.to()));
    }
    Rebalancing now = state.rebalancing();
    Set<InstanceId> going = new HashSet<>();
    now.run().ifPresent(run -> run.planned().forEach(one -> going.add(one.instance())));
    now.moving().values().forEach(one -> going.add(one.move().instance()));
    for (var standing : from.instances()) {
      boolean leaves =
          going.contains(standing.getKey())
              || isDaemon(state, standing.getValue())
              || state
                  .instance(standing.getKey())
                  .filter(one -> one.condition() == Condition.KILLING)
                  .isPresent();
      if (!leaves) {
        return Optional.of("%s stays on %s".formatted(standing.getKey(), move.from()));
      }
    }
    return Optional.empty();
  }

  private static boolean isUnused(State state, NodeRecord node) {
    for (PathId app : node.instances().values()) {
      if (!isDaemon(state, app)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDaemon(State state, PathId app) {
    return state.formation(app).filter(Formation::isDaemon).isPresent();
  }

  /// Begins of its own accord where that is wanted and time; tells when to think of it again.
  private static Optional<Instant> unasked(Draft draft) {
    var policy = draft.state().placementPolicy().rebalancing();
    if (!policy.automatic()) {
      return Optional.empty();
    }
    Instant now = draft.now();
    Instant earliest =
        draft
            .state()
            .rebalancing()
            .run()
            .flatMap(Run::ending)
            .map(Run.Ending::at)
            .filter(at -> !at.isAfter(now))
            .map(at -> at.plus(policy.interval()))
            .orElse(now);
    if (earliest.isAfter(now)) {
      return Optional.of(earliest);
    }
    Instant later = now.plus(policy.interval());
    if (!isAtRest(draft.state())) {
      return Optional.of(later);
    }
    Plan plan = plan(draft.state(), now);
    if (plan.isEmpty()) {
      return Optional.of(later);
    }
    draft.record(new Event.RebalancingPlanned(true, plan.summary(), plan.moves(), now));
    return Optional.empty();
  }

  /// Whether nothing waits, changes or is silent, so that what is moved does not have to be moved
  /// again soon.
  private static boolean isAtRest(State state) {
    if (!state.deployments().isEmpty()) {
      return false;
    }
    for (PathId app : state.waiting().keys()) {
      // A daemon waits for room on nodes of its own.
      if (!isDaemon(state, app)) {
        return false;
      }
    }
    for (NodeRecord node : state.nodes().byId().values()) {
      if (node.silent() || node.givesUp()) {
        return false;
      }
    }
    return true;
  }
}
