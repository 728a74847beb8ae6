package dev.slipway.core.deployment;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Sorted;
import java.time.Instant;
import java.util.SortedMap;

/// Changes that wait until no deployment holds any of their apps, and then become a deployment of
/// the same id. They apply only while the apps are what they were when the changes were worked out,
/// so that nothing is undone which somebody else did meanwhile.
///
/// @param apps by the apps as they will be once those are done that wait before it
public record QueuedDeployment(
    DeploymentId id,
    SortedMap<PathId, Change<App>> apps,
    SortedMap<PathId, Change<GroupSpec>> groups,
    Instant queuedAt) {
  public QueuedDeployment {
    apps = Sorted.copyOf(apps);
    groups = Sorted.copyOf(groups);
  }

  public boolean sharesAppsWith(Iterable<PathId> others) {
    for (PathId other : others) {
      if (apps.containsKey(other)) {
        return true;
      }
    }
    return false;
  }
}
