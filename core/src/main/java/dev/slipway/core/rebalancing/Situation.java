package dev.slipway.core.rebalancing;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Nodes;
import java.time.Instant;
import java.util.SortedMap;
import java.util.function.Predicate;

/// What a plan is made of.
///
/// @param wanted all apps, to which nodes are to stay of use
/// @param apps all that instances are held to, as they are to be now
/// @param instances of each app, of whatever condition
/// @param movable which of them may be moved now
/// @param portCursor where the search for free ports begins
public record Situation(
    Nodes nodes,
    PersistentMap<PathId, App> wanted,
    SortedMap<PathId, AppSpec> apps,
    PersistentMap<PathId, PersistentMap<InstanceId, Instance>> instances,
    Predicate<Instance> movable,
    int portCursor,
    Instant now) {
  PersistentMap<InstanceId, Instance> of(PathId app) {
    return instances.getOrDefault(app, PersistentMap.<InstanceId, Instance>empty());
  }

  /// Whether the app stands on each node that can take it, so that it keeps none from being free.
  boolean isDaemon(PathId app) {
    AppSpec spec = apps.get(app);
    return spec != null && spec.scheduling().daemon();
  }
}
