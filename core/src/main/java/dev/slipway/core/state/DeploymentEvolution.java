package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
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
    var backoffs = state.backoffs();
    for (Action action : deployment.currentActions()) {
      Formation before = formations.get(action.app());
      formations = begun(formations, deployment, action);
      Formation after = formations.get(action.app());
      if (before != null && after != null && isConfiguredAnew(before.app(), after.app())) {
        backoffs = backoffs.remove(action.app());
      }
    }
    return state
        .withFormations(formations)
        .withBackoffs(backoffs)
        .withDeployments(
            state.deployments().put(deployment.id(), deployment), state.locks(), state.ended());
  }

  private static boolean isConfiguredAnew(App before, App after) {
    return !before.versions().lastConfigChangeAt().equals(after.versions().lastConfigChangeAt());
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
          // An app that is being removed and wanted again keeps its instances until its turn comes.
          current == null
              ? formations.put(action.app(), new Formation(change.after().orElseThrow(), 0, false))
              : formations;
      case STOP ->
          current == null
              ? formations
              : formations.put(action.app(), new Formation(current.app(), 0, false));
      case SCALE, RESTART -> {
        App target = change.after().orElseThrow();
        // Scaling keeps instances of other versions, as they may stand after a cancelled
        // deployment; but an app that was wanted again while it was being removed, or that is
        // scaled before the change of its version came to it, is not what was held to before. Under
        // other constraints, instances that these do not let stand are replaced.
        boolean replacing =
            action.kind() == Action.Kind.RESTART
                || (current != null
                    && (current.replacing()
                        || !current.app().generation().equals(target.generation())
                        || !current
                            .app()
                            .spec()
                            .constraints()
                            .equals(target.spec().constraints())));
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
      boolean taken = !deployment.id().equals(state.locks().get(app));
      if (!taken) {
        locks = locks.remove(app);
      }
      if (event.outcome() != Deployment.Outcome.SUCCEEDED) {
        formations = taken ? paused(state, formations, app) : abandoned(state, formations, app);
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

  /// After another deployment took the app, what there is stays as it is until its turn comes
  /// there: neither what was wanted before nor what is wanted next is hurried to.
  private static PersistentMap<PathId, Formation> paused(
      State state, PersistentMap<PathId, Formation> formations, PathId id) {
    Formation current = formations.get(id);
    if (current == null) {
      return formations;
    }
    int staying = 0;
    for (Instance instance : state.instancesOf(id).values()) {
      boolean leaves =
          instance.condition() == Condition.KILLING
              || instance.condition() == Condition.UNREACHABLE_INACTIVE;
      staying += leaves ? 0 : 1;
    }
    return formations.put(id, new Formation(current.app(), staying, false));
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
