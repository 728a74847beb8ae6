package dev.slipway.core.control;

import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.state.Event;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The wish to give a deployment up, as Marathon's `DeploymentPlanReverter.scala` grants it: only
/// what this deployment changed is changed back, later changes stay. The versions before are put in
/// place exactly, so that instances of theirs which still run are kept.
final class CancelCommand {
  private CancelCommand() {}

  static Reply cancel(Draft draft, Input.CancelDeployment wish) {
    DeploymentId id = wish.deployment();
    Optional<Deployment> found = draft.state().deployment(id);
    if (found.isEmpty()) {
      boolean waits =
          draft.state().plans().queue().stream().anyMatch(queued -> queued.id().equals(id));
      return waits ? end(draft, id, "cancelled before it began") : unknown(id);
    }
    if (wish.force()) {
      return end(draft, id, "cancelled on request");
    }
    return revert(draft, found.get(), Deployment.Outcome.ROLLED_BACK, "cancelled on request");
  }

  static Reply resume(Draft draft, Input.ResumeDeployment wish) {
    Optional<Deployment> found = draft.state().deployment(wish.deployment());
    if (found.isEmpty()) {
      return unknown(wish.deployment());
    }
    if (found.get().course().failure().isPresent()) {
      draft.record(new Event.DeploymentResumed(wish.deployment(), draft.now()));
    }
    return Decider.done();
  }

  private static Reply unknown(DeploymentId id) {
    return new Reply.NotFound("DeploymentPlan " + id + " does not exist");
  }

  private static Reply end(Draft draft, DeploymentId id, String reason) {
    draft.record(new Event.DeploymentEnded(id, Deployment.Outcome.CANCELLED, reason, draft.now()));
    return Decider.done();
  }

  /// Starts the deployment that changes back what `deployment` changed, which ends with `outcome`.
  static Reply revert(
      Draft draft, Deployment deployment, Deployment.Outcome outcome, String reason) {
    var root = RootDraft.of(draft.state(), draft.now());
    deployment
        .groups()
        .forEach(
            (id, change) -> {
              if (change.before().isPresent() && isAsLeft(root.root().groups().get(id), change)) {
                root.put(change.before().get());
              }
            });
    deployment
        .apps()
        .forEach(
            (id, change) -> {
              if (!isAsLeft(root.root().apps().get(id), change)) {
                return;
              }
              change.before().ifPresentOrElse(root::restore, () -> root.remove(id));
            });
    // The innermost first, so that a group is empty when its turn comes.
    new TreeMap<>(deployment.groups())
        .descendingMap()
        .forEach(
            (id, change) -> {
              if (change.before().isEmpty() && root.isEmpty(id)) {
                root.removeGroup(id);
              }
            });
    Reply reply =
        DeploymentStart.deploy(draft, root, Manner.reverting(deployment.id(), outcome, reason));
    boolean stillThere = draft.state().deployment(deployment.id()).isPresent();
    if (reply.refusal().isEmpty() && stillThere) {
      // It changed no app, so nothing took its apps away from it.
      draft.record(new Event.DeploymentEnded(deployment.id(), outcome, reason, draft.now()));
    }
    return reply;
  }

  private static <T> boolean isAsLeft(@Nullable T now, Change<T> change) {
    return Optional.ofNullable(now).equals(change.after());
  }
}
