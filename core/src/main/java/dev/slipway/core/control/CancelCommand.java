package dev.slipway.core.control;

import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.state.Event;
import java.util.Optional;
import java.util.TreeMap;

/// The wish to give a deployment up, as Marathon's `DeploymentPlanReverter.scala` grants it: only
/// what this deployment changed is changed back, later changes stay.
final class CancelCommand {
  private CancelCommand() {}

  static Reply cancel(Draft draft, Input.CancelDeployment wish) {
    Optional<Deployment> found = draft.state().deployment(wish.deployment());
    if (found.isEmpty()) {
      return new Reply.NotFound("DeploymentPlan " + wish.deployment() + " does not exist");
    }
    Deployment deployment = found.get();
    if (wish.force()) {
      draft.record(
          new Event.DeploymentEnded(
              deployment.id(), Deployment.Outcome.CANCELLED, "cancelled on request", draft.now()));
      return Decider.done();
    }
    var root = new RootDraft(draft.state().root(), draft.now());
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
              boolean empty =
                  root.root().appsWithin(id).isEmpty() && root.root().groupsWithin(id).size() <= 1;
              if (change.before().isEmpty() && empty) {
                root.removeGroup(id);
              }
            });
    Reply reply = RootCommands.deploy(draft, root, true, Deployment.Outcome.ROLLED_BACK);
    boolean stillThere = draft.state().deployment(deployment.id()).isPresent();
    if (reply.refusal().isEmpty() && stillThere) {
      // It changed no app, so nothing took its apps away from it.
      draft.record(
          new Event.DeploymentEnded(
              deployment.id(), Deployment.Outcome.ROLLED_BACK, "rolled back", draft.now()));
    }
    return reply;
  }

  private static <T> boolean isAsLeft(@org.jspecify.annotations.Nullable T now, Change<T> change) {
    return Optional.ofNullable(now).equals(change.after());
  }
}
