package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import java.util.ArrayList;
import java.util.List;

/// What the events of deployments change: the plan's progress, the locks, and the formations of
/// apps whose turn has come.
final class DeploymentEvolution {
  private DeploymentEvolution() {}

  static State started(State state, Event.DeploymentStarted event) {
    Deployment deployment = event.deployment();
    var locks = state.locks();
    for (PathId app : deployment.apps().keySet()) {
      locks = locks.put(app, deployment.id());
    }
    return state
        .with(state.platform().withIdentities(state.platform().identities() + 1))
        .withDeployments(
            state.deployments().put(deployment.id(), deployment), locks, state.ended());
  }

  static State stepStarted(State state, Event.StepStarted event) {
    Deployment known = state.deployments().get(event.deployment());
    if (known == null) {
      return state;
    }
    Deployment deployment = known.atStep(event.step(), event.at());
    var formations = state.formations();
    for (Action action : deployment.currentActions()) {
      formations = begun(formations, deployment, action);
    }
    return state
        .withFormations(formations)
        .withDeployments(
            state.deployments().put(deployment.id(), deployment), state.locks(), state.ended());
  }

  private static PersistentMap<PathId, Formation> begun(
      PersistentMap<PathId, Formation> formations, Deployment deployment, Action action) {
    var change = deployment.apps().get(action.app());
    if (change == null) {
      return formations;
    }
    Formation current = formations.get(action.app());
    return switch (action.kind()) {
      case START ->
          formations.put(action.app(), new Formation(change.after().orElseThrow(), 0, false));
      case STOP ->
          current == null
              ? formations
              : formations.put(action.app(), new Formation(current.app(), 0, false));
      case SCALE, RESTART -> {
        App target = change.after().orElseThrow();
        // Scaling keeps instances of other versions, as they may stand after a cancelled
        // deployment.
        boolean replacing =
            action.kind() == Action.Kind.RESTART || (current != null && current.replacing());
        yield formations.put(
            action.app(), new Formation(target, target.spec().instances(), replacing));
      }
    };
  }

  static State ended(State state, Event.DeploymentEnded event) {
    Deployment deployment = state.deployments().get(event.deployment());
    if (deployment == null) {
      return state;
    }
    var locks = state.locks();
    var formations = state.formations();
    for (PathId app : deployment.apps().keySet()) {
      locks = locks.remove(app);
      if (event.outcome() != Deployment.Outcome.SUCCEEDED) {
        formations = abandoned(state, formations, app);
      }
    }
    List<Deployment.Ended> ended = new ArrayList<>(state.ended());
    ended.add(new Deployment.Ended(deployment, event.outcome(), event.reason(), event.at()));
    if (ended.size() > State.MAX_ENDED) {
      ended.removeFirst();
    }
    return state
        .withFormations(formations)
        .withDeployments(state.deployments().remove(deployment.id()), locks, ended);
  }

  /// After a deployment was given up, tasks stay as they are, of whichever version; what the root
  /// wants holds for their number and for new ones.
  private static PersistentMap<PathId, Formation> abandoned(
      State state, PersistentMap<PathId, Formation> formations, PathId id) {
    App wanted = state.root().apps().get(id);
    if (wanted != null) {
      return formations.put(id, new Formation(wanted, wanted.spec().instances(), false));
    }
    Formation current = formations.get(id);
    return current == null
        ? formations
        : formations.put(id, new Formation(current.app(), 0, false));
  }
}
