package dev.slipway.core.app;

import dev.slipway.core.collection.PersistentMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The tree of all groups and apps that should exist.
public record Root(
    PersistentMap<PathId, App> apps, PersistentMap<PathId, GroupSpec> groups, Instant version) {
  public static final Root EMPTY =
      new Root(
          PersistentMap.<PathId, App>empty(),
          PersistentMap.<PathId, GroupSpec>empty()
              .put(PathId.ROOT, new GroupSpec(PathId.ROOT, new TreeSet<>())),
          Instant.EPOCH);

  /// All apps in the group and below it, by path.
  public List<App> appsWithin(PathId group) {
    List<App> result = new ArrayList<>();
    for (var entry : apps.from(group)) {
      if (!entry.getKey().isWithin(group)) {
        break;
      }
      result.add(entry.getValue());
    }
    return result;
  }

  /// The group and all groups below it, by path.
  public List<GroupSpec> groupsWithin(PathId group) {
    List<GroupSpec> result = new ArrayList<>();
    for (var entry : groups.from(group)) {
      if (!entry.getKey().isWithin(group)) {
        break;
      }
      result.add(entry.getValue());
    }
    return result;
  }

  /// The apps that have to be ready before `app` is touched: those it names, those in groups it
  /// names, and those named by the groups it lies in. Names that nothing answers to are passed
  /// over.
  public SortedSet<PathId> dependenciesOf(AppSpec app) {
    SortedSet<PathId> result = new TreeSet<>();
    collect(app.dependencies(), result);
    for (var group = app.id().parent(); ; group = group.parent()) {
      GroupSpec spec = groups.get(group);
      if (spec != null) {
        collect(spec.dependencies(), result);
      }
      if (group.isRoot()) {
        break;
      }
    }
    result.remove(app.id());
    return result;
  }

  private void collect(SortedSet<PathId> names, SortedSet<PathId> into) {
    for (PathId name : names) {
      appsWithin(name).forEach(app -> into.add(app.id()));
    }
  }
}
