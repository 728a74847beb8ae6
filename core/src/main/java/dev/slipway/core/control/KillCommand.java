package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The wish to end certain instances.
final class KillCommand {
  private KillCommand() {}

  static Reply kill(Draft draft, Input.KillInstances wish) {
    List<Instance> found = new ArrayList<>();
    Map<PathId, Integer> fewer = new TreeMap<>();
    for (var id : new LinkedHashSet<>(wish.instances())) {
      draft.state().instance(id).ifPresent(found::add);
    }
    for (Instance instance : found) {
      if (instance.condition() != Condition.KILLING) {
        fewer.merge(instance.app(), 1, Integer::sum);
      }
    }
    Reply reply = new Reply.Done(found);
    if (wish.scale()) {
      var root = RootDraft.of(draft.state(), draft.now());
      fewer.forEach((app, count) -> shrink(root, app, count));
      // The deployment looks at instances only after these have been ended below, so that these and
      // no
      // others make the difference.
      reply = DeploymentStart.deploy(draft, root, Manner.of(Input.Terms.forced(wish.force())));
      if (reply instanceof Reply.Deploying deploying) {
        reply = new Reply.Deploying(deploying.deployment(), deploying.version(), found);
      }
    }
    if (reply.refusal().isPresent()) {
      return reply;
    }
    for (Instance instance : found) {
      if (instance.condition() != Condition.KILLING) {
        Decider.kill(draft, instance, KillReason.REQUESTED, "");
      }
      if (wish.wipe()) {
        VolumeCommands.wipe(draft, instance);
      }
    }
    return reply;
  }

  private static void shrink(RootDraft root, PathId id, int count) {
    App app = root.root().apps().get(id);
    if (app != null && app.spec().scheduling().daemon()) {
      root.problem(
          "/instances",
          id + " is a daemon, which runs once on each node that can take it; leave out 'scale'");
    } else if (app != null) {
      root.put(app.spec().withInstances(Math.max(0, app.spec().instances() - count)));
    }
  }
}
