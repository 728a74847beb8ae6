package dev.slipway.core.state;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.QueuedDeployment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What is planned beside the deployments that go on, and what was wanted before.
///
/// @param queue changes that wait for deployments to end, oldest first
/// @param awaited the apps that deployments wait for to be ready, with those deployments
public record Plans(
    List<QueuedDeployment> queue,
    PersistentMap<PathId, SortedSet<DeploymentId>> awaited,
    RootHistory history) {
  public static final Plans NONE = new Plans(List.of(), PersistentMap.empty(), RootHistory.EMPTY);

  public Plans {
    queue = List.copyOf(queue);
  }

  Plans with(RootHistory next) {
    return new Plans(queue, awaited, next);
  }

  Plans queued(QueuedDeployment queued) {
    List<QueuedDeployment> next = new ArrayList<>(queue);
    next.add(queued);
    return new Plans(next, awaited, history);
  }

  Plans withoutQueued(DeploymentId id) {
    return new Plans(
        queue.stream().filter(queued -> !queued.id().equals(id)).toList(), awaited, history);
  }

  /// After a deployment's held apps became others.
  Plans awaiting(Deployment before, Deployment after) {
    var next = awaited;
    for (SortedSet<PathId> blockers : before.course().held().values()) {
      for (PathId blocker : blockers) {
        var rest = new TreeSet<>(next.getOrDefault(blocker, new TreeSet<>()));
        rest.remove(before.id());
        next = rest.isEmpty() ? next.remove(blocker) : next.put(blocker, Sorted.setOf(rest));
      }
    }
    for (SortedSet<PathId> blockers : after.course().held().values()) {
      for (PathId blocker : blockers) {
        var all = new TreeSet<>(next.getOrDefault(blocker, new TreeSet<>()));
        all.add(after.id());
        next = next.put(blocker, Sorted.setOf(all));
      }
    }
    return new Plans(queue, next, history);
  }
}
