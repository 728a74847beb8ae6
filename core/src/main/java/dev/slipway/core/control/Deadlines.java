package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Course;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;

/// Fails deployments of which an app comes no further for as long as its progress deadline.
///
/// Coming further is having more instances ready than ever before in this step, or fewer left of
/// those that are to go: both end, so that an app which crashes and starts for ever does not count
/// as coming further. The time that an app waits for others to be ready does not count.
final class Deadlines {
  private Deadlines() {}

  /// When the deadline of the app is over, if one counts now.
  static Optional<Instant> next(State state, PathId app) {
    return Optional.ofNullable(state.locks().get(app))
        .flatMap(state::deployment)
        .filter(deployment -> deployment.course().failure().isEmpty())
        .flatMap(deployment -> Optional.ofNullable(deployment.course().marks().get(app)))
        .filter(mark -> !mark.done())
        .flatMap(mark -> deadline(state, app).map(mark.at()::plus));
  }

  private static Optional<Duration> deadline(State state, PathId app) {
    return state.formation(app).flatMap(one -> one.app().spec().rollout().progressDeadline());
  }

  /// Records how far the apps of the step have come, and that one has come no further for too long.
  ///
  /// @param touched the apps of which to ask; none asks of all
  static void check(Draft draft, DeploymentId id, SortedSet<PathId> touched) {
    Deployment deployment = draft.state().deployment(id).orElseThrow();
    if (deployment.course().failure().isPresent()) {
      return;
    }
    for (Action action : deployment.currentActions()) {
      PathId app = action.app();
      if (!touched.isEmpty() && !touched.contains(app)) {
        continue;
      }
      Optional<Duration> deadline = deadline(draft.state(), app);
      boolean counts =
          deadline.isPresent()
              && (action.kind() == Action.Kind.SCALE || action.kind() == Action.Kind.RESTART)
              && !deployment.course().held().containsKey(app);
      if (counts && isOver(draft, deployment, app, deadline.get())) {
        fail(draft, id, app, deadline.get());
        return;
      }
    }
  }

  private static boolean isOver(Draft draft, Deployment deployment, PathId app, Duration deadline) {
    Formation formation = draft.state().formation(app).orElseThrow();
    Census census = Census.of(draft.state(), formation);
    Course.Mark known = deployment.course().marks().get(app);
    Course.Mark before =
        (known == null ? Course.Mark.begun(deployment.stepStartedAt()) : known)
            .notAfter(draft.now());
    boolean satisfied = Steady.isSatisfied(draft.state(), formation);
    Course.Mark mark =
        before.after(census.ready(census.current()), census.going(), satisfied, draft.now());
    if (!mark.equals(known)) {
      draft.record(new Event.DeploymentProgressed(deployment.id(), app, mark));
    }
    return !mark.done() && !mark.at().plus(deadline).isAfter(draft.now());
  }

  private static void fail(Draft draft, DeploymentId id, PathId app, Duration deadline) {
    Deployment deployment = draft.state().deployment(id).orElseThrow();
    Census census = Census.of(draft.state(), draft.state().formation(app).orElseThrow());
    String reason = sentence(draft.state(), census, deadline);
    Rollout.OnFailure then = census.formation().app().spec().rollout().onFailure();
    if (then == Rollout.OnFailure.ROLLBACK) {
      // What takes another back is not taken back itself: that would go on for ever.
      boolean reverting = deployment.course().reverts().isPresent();
      Optional<Reply.Refused> obstacle =
          reverting ? Optional.empty() : CancelCommand.obstacle(draft, deployment);
      if (reverting) {
        then = Rollout.OnFailure.NONE;
      }
      if (obstacle.isPresent()) {
        // Nobody hears a refusal here: what cannot go back waits for somebody to decide.
        then = Rollout.OnFailure.PAUSE;
        reason += "; it cannot be changed back: " + Backlog.sentence(obstacle.get());
      }
    }
    var failure = new Course.Failure(app, then, reason, draft.now());
    draft.record(new Event.DeploymentFailed(id, failure));
    if (then == Rollout.OnFailure.ROLLBACK) {
      Deployment failed = draft.state().deployment(id).orElseThrow();
      CancelCommand.revert(draft, failed, Deployment.Outcome.FAILED, failure.reason());
    }
  }

  private static String sentence(State state, Census census, Duration deadline) {
    PathId app = census.formation().app().id();
    String text =
        "%s came no further for %d s: %d of %d instances are ready"
            .formatted(app, deadline.toSeconds(), census.ready(census.current()), census.wanted());
    return Optional.ofNullable(state.failures().get(app))
        .filter(known -> known.generation().equals(census.formation().app().generation()))
        .map(known -> text + "; the last failure: " + known.last().end().message())
        .orElse(text);
  }
}
