package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.collection.PersistentMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/// The last versions of the root, as what each changed, so that a version costs as much as its
/// change and not as much as the root. The apps themselves are among the versions that the state
/// keeps of each app.
///
/// @param versions oldest first, at most {@link #MAX_VERSIONS}; the last is the root of now
public record RootHistory(List<Version> versions) {
  public static final int MAX_VERSIONS = 50;

  public static final RootHistory EMPTY = new RootHistory(List.of());

  /// A version of the root, and how to get from it to the one before.
  ///
  /// @param apps the version before of each app that it changed or removed
  /// @param newApps the apps that it brought
  /// @param groups what each group was before that it changed or removed
  /// @param newGroups the groups that it brought
  public record Version(
      Instant version,
      SortedMap<PathId, Instant> apps,
      SortedSet<PathId> newApps,
      SortedMap<PathId, GroupSpec> groups,
      SortedSet<PathId> newGroups) {
    public Version {
      apps = Sorted.copyOf(apps);
      newApps = Sorted.setOf(newApps);
      groups = Sorted.copyOf(groups);
      newGroups = Sorted.setOf(newGroups);
    }
  }

  public RootHistory {
    versions = List.copyOf(versions);
  }

  RootHistory plus(Version version) {
    List<Version> next = new ArrayList<>(versions);
    next.add(version);
    if (next.size() > MAX_VERSIONS) {
      next.removeFirst();
    }
    return new RootHistory(next);
  }

  /// The versions of an app that kept versions of the root have, beside the root of now.
  Set<Instant> needed(PathId app) {
    Set<Instant> needed = new HashSet<>();
    // What the oldest changed is never taken back.
    versions.stream()
        .skip(1)
        .map(kept -> kept.apps().get(app))
        .filter(Objects::nonNull)
        .forEach(needed::add);
    return needed;
  }

  /// The root as it was at a version; nothing when that is not kept.
  ///
  /// @param now the root of now
  /// @param kept the versions that are kept of each app
  Optional<Root> at(
      Instant version, Root now, PersistentMap<PathId, PersistentMap<Instant, App>> kept) {
    if (versions.stream().noneMatch(known -> known.version().equals(version))) {
      return Optional.empty();
    }
    var apps = now.apps();
    var groups = now.groups();
    for (Version newer : versions.reversed()) {
      if (newer.version().equals(version)) {
        break;
      }
      for (PathId added : newer.newApps()) {
        apps = apps.remove(added);
      }
      for (var change : newer.apps().entrySet()) {
        App before =
            kept.getOrDefault(change.getKey(), PersistentMap.<Instant, App>empty())
                .get(change.getValue());
        if (before == null) {
          return Optional.empty();
        }
        apps = apps.put(change.getKey(), before);
      }
      for (PathId added : newer.newGroups()) {
        groups = groups.remove(added);
      }
      for (var change : newer.groups().entrySet()) {
        groups = groups.put(change.getKey(), change.getValue());
      }
    }
    return Optional.of(new Root(apps, groups, version));
  }
}
