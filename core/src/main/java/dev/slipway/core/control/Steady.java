package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Finished;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.core.state.Tally;
import java.time.Instant;

/// Whether an app has as many instances as it should, all of them good, from their tally alone: the
/// usual case while an app grows, in which each of its instances tells of its progress. It costs
/// the same however many there are; where it does not hold, all are looked at.
final class Steady {
  private Steady() {}

  static boolean isSteady(State state, Formation formation) {
    Tally tally = state.tally(formation.app().id());
    if (formation.isDaemon()) {
      return state.roster(formation.app().id()).isFilled()
          && !state.waiting().containsKey(formation.app().id())
          && tally.away() == tally.givenUp()
          && areAllGood(state, formation, tally);
    }
    return tally.all() - tally.givenUp() == wanted(state, formation)
        && tally.away() == tally.givenUp()
        && !state.rebalancing().moving().containsKey(formation.app().id())
        && areAllGood(state, formation, tally)
        && !isAnyNodeLeft(state, formation, tally);
  }

  /// Whether a daemon lacks instances on nodes, mostly on some that just joined, and all else is as
  /// it should be.
  static boolean isLackingAlone(State state, Formation formation) {
    PathId app = formation.app().id();
    Tally tally = state.tally(app);
    return formation.isDaemon()
        && !state.locks().containsKey(app)
        && !state.backoffs().containsKey(app)
        && !state.waiting().containsKey(app)
        && state.roster(app).surplus().isEmpty()
        && tally.away() == tally.givenUp()
        && areAllGood(state, formation, tally);
  }

  /// Whether what a deployment waits for is so.
  static boolean isSatisfied(State state, Formation formation) {
    boolean steady = isSteady(state, formation);
    if (formation.isDaemon()) {
      return (steady && state.ready(formation.app().id()) >= state.wanted(formation))
          || Daemons.isSatisfied(state, formation);
    }
    if (!steady) {
      return Census.of(state, formation).isSatisfied();
    }
    return state.ready(formation.app().id()) >= wanted(state, formation);
  }

  /// How many there should be beside those of run-once work that are done.
  private static int wanted(State state, Formation formation) {
    return formation.instances() - state.finished(formation).map(Finished::all).orElse(0);
  }

  private static boolean areAllGood(State state, Formation formation, Tally tally) {
    if (!formation.replacing()) {
      return true;
    }
    boolean judged = !formation.isDaemon() && Census.areJudged(state, formation);
    for (var counted : tally.byVersion()) {
      if (!counted.getValue().matters()) {
        continue;
      }
      Instant version = counted.getKey();
      boolean sameGeneration =
          version.equals(formation.app().version())
              || state
                  .app(formation.app().id(), version)
                  .filter(app -> app.generation().equals(formation.app().generation()))
                  .isPresent();
      if (!sameGeneration || (judged && !Census.isLaunchedLike(state, formation, version))) {
        return false;
      }
    }
    return true;
  }

  /// Whether an instance stands on a node that is to be emptied. Of the nodes and the app's
  /// instances the fewer are looked at.
  private static boolean isAnyNodeLeft(State state, Formation formation, Tally tally) {
    PathId app = formation.app().id();
    if (tally.all() < state.nodes().byId().size()) {
      for (Instance instance : state.instancesOf(app).values()) {
        if (!instance.isGivenUp()
            && instance
                .place()
                .flatMap(place -> state.node(place.node()))
                .filter(NodeRecord::givesUp)
                .isPresent()) {
          return true;
        }
      }
      return false;
    }
    for (NodeRecord node : state.nodes().byId().values()) {
      if (node.givesUp() && hasAny(state, node, app)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasAny(State state, NodeRecord node, PathId app) {
    for (var placed : node.instances()) {
      if (placed.getValue().equals(app)
          && state.instance(placed.getKey()).filter(one -> !one.isGivenUp()).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
