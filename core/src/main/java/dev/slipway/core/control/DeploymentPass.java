package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.util.Optional;

/// Moves one deployment on by as many steps as are done.
final class DeploymentPass {
  private DeploymentPass() {}

  static void run(Draft draft, DeploymentId id) {
    Optional<Deployment> found = draft.state().deployment(id);
    if (found.isEmpty()) {
      return;
    }
    Deployment deployment = found.get();
    boolean begun = deployment.currentStep() > 0;
    if (begun && !isDone(draft.state(), deployment)) {
      return;
    }
    if (begun) {
      draft.record(new Event.StepCompleted(id, deployment.currentStep(), draft.now()));
    }
    if (deployment.isLastStep()) {
      draft.record(new Event.DeploymentEnded(id, Deployment.Outcome.SUCCEEDED, "", draft.now()));
      return;
    }
    // Marks this deployment again, so that steps which are done at once follow each other.
    draft.record(new Event.StepStarted(id, deployment.currentStep() + 1, draft.now()));
  }

  private static boolean isDone(State state, Deployment deployment) {
    return deployment.currentActions().stream().allMatch(action -> isDone(state, action));
  }

  static boolean isDone(State state, Action action) {
    PathId app = action.app();
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
