package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Moves one deployment on by as many steps as are done.
final class DeploymentPass {
  private DeploymentPass() {}

  /// @param touched the apps because of which the deployment is looked at, so that what hundreds of
  /// others are like need not be asked each time one of them moves; none where all may have changed
  static void run(Draft draft, DeploymentId id, SortedSet<PathId> touched) {
    Optional<Deployment> found = draft.state().deployment(id);
    if (found.isEmpty()) {
      return;
    }
    Deployment deployment = found.get();
    boolean begun = deployment.currentStep() > 0;
    if (begun) {
      Dependencies.release(draft, deployment);
    }
    if (begun && !isDone(draft.state(), deployment, touched)) {
      Deadlines.check(draft, id, touched);
      return;
    }
    if (begun) {
      draft.record(new Event.StepCompleted(id, deployment.currentStep(), draft.now()));
    }
    if (deployment.isLastStep()) {
      end(draft, deployment);
      return;
    }
    Dependencies.hold(draft, deployment, deployment.steps().get(deployment.currentStep()));
    // Marks this deployment again, so that steps which are done at once follow each other.
    draft.record(new Event.StepStarted(id, deployment.currentStep() + 1, draft.now()));
  }

  private static void end(Draft draft, Deployment deployment) {
    Optional<String> failed = failedForGood(draft.state(), deployment);
    var outcome = failed.isPresent() ? Deployment.Outcome.FAILED : Deployment.Outcome.SUCCEEDED;
    draft.record(
        new Event.DeploymentEnded(deployment.id(), outcome, failed.orElse(""), draft.now()));
  }

  /// That instances failed meanwhile which are not started again.
  private static Optional<String> failedForGood(State state, Deployment deployment) {
    for (PathId app : deployment.apps().keySet()) {
      Optional<String> failed =
          state
              .formation(app)
              .flatMap(state::finished)
              .filter(done -> done.failed() > 0)
              .filter(done -> !done.last().at().isBefore(deployment.startedAt()))
              .map(
                  done ->
                      "%d of %d instances of %s that ended have failed: %s"
                          .formatted(done.failed(), done.all(), app, done.last().end().message()));
      if (failed.isPresent()) {
        return failed;
      }
    }
    return Optional.empty();
  }

  private static boolean isDone(State state, Deployment deployment, SortedSet<PathId> touched) {
    List<Action> actions = deployment.currentActions();
    return actions.stream()
            .filter(action -> touched.contains(action.app()))
            .allMatch(action -> isDone(state, action))
        && actions.stream().allMatch(action -> isDone(state, action));
  }

  /// The apps that an app waits for to be ready.
  static SortedSet<PathId> blockers(State state, PathId app) {
    return Optional.ofNullable(state.locks().get(app))
        .flatMap(state::deployment)
        .map(deployment -> deployment.course().held().get(app))
        .orElseGet(TreeSet::new);
  }

  static boolean isDone(State state, Action action) {
    PathId app = action.app();
    if (!blockers(state, app).isEmpty()) {
      return false;
    }
    return switch (action.kind()) {
      case START -> true;
      case STOP -> state.formation(app).isEmpty();
      case SCALE, RESTART ->
          state
              .formation(app)
              .filter(formation -> Steady.isSatisfied(state, formation))
              .isPresent();
    };
  }
}
