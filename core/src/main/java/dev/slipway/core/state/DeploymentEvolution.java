package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Course;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.QueuedDeployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What the events of deployments change: the plan's progress, the locks, and the formations of
/// apps whose turn has come.
final class DeploymentEvolution {
  private DeploymentEvolution() {}

  static State queued(State state, Event.DeploymentQueued event) {
    return state
        .with(state.platform().withIdentities(state.platform().identities() + 1))
        .with(state.plans().queued(event.queued()));
  }

  static State started(State state, Event.DeploymentStarted event) {
    Deployment deployment = event.deployment();
    var locks = state.locks();
    for (PathId app : deployment.apps().keySet()) {
      locks = locks.put(app, deployment.id());
    }
    return state
        .with(state.platform().withIdentities(state.platform().identities() + 1))
        .with(state.plans().withoutQueued(deployment.id()))
        .withDeployments(
            state.deployments().put(deployment.id(), deployment), locks, state.ended());
  }

  /// After a change of how a deployment fares.
  static State course(State state, DeploymentId id, UnaryOperator<Course> change) {
    Deployment before = state.deployments().get(id);
    if (before == null) {
      return state;
    }
    Deployment after = before.with(change.apply(before.course()));
    return state
        .with(state.plans().awaiting(before, after))
        .withDeployments(state.deployments().put(id, after), state.locks(), state.ended());
  }

  static State resumed(State state, Event.DeploymentResumed event) {
    Deployment known = state.deployments().get(event.deployment());
    if (known == null) {
      return state;
    }
    // The deadlines count anew, as if the step had begun now.
    Deployment deployment =
        known.atStep(known.currentStep(), event.at()).with(known.course().resumed());
    return state.withDeployments(
        state.deployments().put(deployment.id(), deployment), state.locks(), state.ended());
  }

  static State stepStarted(State state, Event.StepStarted event) {
    Deployment known = state.deployments().get(event.deployment());
    if (known == null) {
      return state;
    }
    Deployment deployment = known.atStep(event.step(), event.at());
    State next =
        state.withDeployments(
            state.deployments().put(deployment.id(), deployment), state.locks(), state.ended());
    for (Action action : deployment.currentActions()) {
      if (!deployment.course().held().containsKey(action.app())) {
        next = begun(next, deployment, action);
      }
    }
    return next;
  }

  static State released(State state, Event.ActionReleased event) {
    State next =
        course(state, event.deployment(), course -> course.released(event.app(), event.at()));
    Deployment deployment = next.deployments().get(event.deployment());
    if (deployment == null) {
      return next;
    }
    for (Action action : deployment.currentActions()) {
      if (action.app().equals(event.app())) {
        next = begun(next, deployment, action);
      }
    }
    return next;
  }

  /// After an app's turn has come: it is held to what the deployment leads to.
  private static State begun(State state, Deployment deployment, Action action) {
    PathId app = action.app();
    Formation before = state.formations().get(app);
    State next = state.withFormations(formations(state.formations(), deployment, action));
    Formation after = next.formations().get(app);
    if (after == null) {
      return next;
    }
    if (before != null && isConfiguredAnew(before.app(), after.app())) {
      next = next.withBackoffs(next.backoffs().remove(app));
    }
    if (before != null && isRunAgain(before, after)) {
      next = next.withFinished(next.finished().remove(app));
    }
    return after.app().spec().rollout().readinessCheck().isPresent()
        ? next
        : InstanceEvolution.askedNoMore(next, app);
  }

  /// Whether run-once work that is done is to be done again: another number of it is wanted, or
  /// other work. How many an app is held to meanwhile, while it waits for its turn, is neither.
  private static boolean isRunAgain(Formation before, Formation after) {
    return before.app().spec().instances() != after.app().spec().instances()
        || !before.app().generation().equals(after.app().generation());
  }

  private static boolean isConfiguredAnew(App before, App after) {
    return !before.versions().lastConfigChangeAt().equals(after.versions().lastConfigChangeAt());
  }

  private static PersistentMap<PathId, Formation> formations(
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
      return queuedEnded(state, event);
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
    State next =
        state
            .withFormations(formations)
            .with(state.plans().awaiting(deployment, deployment.with(Course.PLAIN)))
            .withDeployments(
                state.deployments().remove(deployment.id()),
                locks,
                withEnded(state, deployment, event));
    for (PathId app : deployment.apps().keySet()) {
      if (!next.locks().containsKey(app)) {
        next = InstanceEvolution.askedNoMore(next, app);
      }
    }
    return next;
  }

  /// What waited and does not begin is kept among what is over, as a deployment without steps.
  private static State queuedEnded(State state, Event.DeploymentEnded event) {
    for (QueuedDeployment queued : state.plans().queue()) {
      if (queued.id().equals(event.deployment())) {
        var never =
            new Deployment(
                queued.id(),
                state.root().version(),
                List.of(),
                0,
                queued.apps(),
                queued.groups(),
                queued.queuedAt(),
                queued.queuedAt());
        return state
            .with(state.plans().withoutQueued(queued.id()))
            .withDeployments(state.deployments(), state.locks(), withEnded(state, never, event));
      }
    }
    return state;
  }

  private static List<Deployment.Ended> withEnded(
      State state, Deployment deployment, Event.DeploymentEnded event) {
    List<Deployment.Ended> ended = new ArrayList<>(state.ended());
    ended.add(new Deployment.Ended(deployment, event.outcome(), event.reason(), event.at()));
    if (ended.size() > State.MAX_ENDED) {
      ended.removeFirst();
    }
    return ended;
  }

  /// After another deployment took the app, what there is stays as it is until its turn comes
  /// there: neither what was wanted before nor what is wanted next is hurried to. Of run-once work
  /// what is done counts as there.
  private static PersistentMap<PathId, Formation> paused(
      State state, PersistentMap<PathId, Formation> formations, PathId id) {
    Formation current = formations.get(id);
    if (current == null) {
      return formations;
    }
    int staying = state.finished(current).map(Finished::all).orElse(0);
    for (Instance instance : state.instancesOf(id).values()) {
      boolean leaves =
          instance.condition() == Condition.KILLING
              || instance.condition() == Condition.UNREACHABLE_INACTIVE;
      staying += leaves && !isEndingForGood(current, instance) ? 0 : 1;
    }
    return formations.put(id, new Formation(current.app(), staying, false));
  }

  /// Whether it will be done, and not followed by another, once it is over.
  private static boolean isEndingForGood(Formation formation, Instance instance) {
    return formation.app().spec().restartPolicy() == RestartPolicy.NEVER
        && instance.generation().equals(formation.app().generation())
        && instance.kill().filter(Instance.Kill::isForItself).isPresent();
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
