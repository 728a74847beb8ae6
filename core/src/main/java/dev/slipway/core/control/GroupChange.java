package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// A wish about a group (Marathon's `GroupUpdate`). What is absent stays as it is.
///
/// @param apps all apps directly in the group; those not named are removed
/// @param groups all groups directly in the group; those not named are removed with all they hold
/// @param enforceRole kept for Mesos's clients
/// @param scaleBy instead of the other parts: multiplies the instances of all apps in and below the
///     group, rounded up
public record GroupChange(
    PathId id,
    Optional<List<AppChange>> apps,
    Optional<List<GroupChange>> groups,
    Optional<SortedSet<PathId>> dependencies,
    Optional<Boolean> enforceRole,
    Optional<Double> scaleBy) {

  public GroupChange(
      PathId id,
      Optional<List<AppChange>> apps,
      Optional<List<GroupChange>> groups,
      Optional<SortedSet<PathId>> dependencies,
      Optional<Double> scaleBy) {
    this(id, apps, groups, dependencies, Optional.empty(), scaleBy);
  }
}
