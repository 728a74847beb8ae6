package dev.slipway.core.control;

import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.state.Event;
import java.util.Optional;

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
    RootDraft root = before(draft, deployment);
    Reply reply =
        DeploymentStart.deploy(draft, root, Manner.reverting(deployment.id(), outcome, reason));
    boolean stillThere = draft.state().deployment(deployment.id()).isPresent();
    if (reply.refusal().isEmpty() && stillThere) {
      // It changed no app, so nothing took its apps away from it.
      draft.record(new Event.DeploymentEnded(deployment.id(), outcome, reason, draft.now()));
    }
    return reply;
  }

  /// Why a deployment cannot be changed back, if so; {@link #revert} would be refused.
  static Optional<Reply.Refused> obstacle(Draft draft, Deployment deployment) {
    var manner = Manner.reverting(deployment.id(), Deployment.Outcome.FAILED, "");
    return DeploymentStart.refused(draft.state(), before(draft, deployment), manner)
        .flatMap(Reply::refusal);
  }

  /// The root with what the deployment changed put back.
  private static RootDraft before(Draft draft, Deployment deployment) {
    var root = RootDraft.of(draft.state(), draft.now());
    RootChanges.back(deployment, root)
        .make(root, (target, change) -> target.restore(change.after().orElseThrow()));
    return root;
  }
}
