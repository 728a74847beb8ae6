package dev.slipway.core.app;

import java.util.Optional;
import java.util.SortedSet;

/// A group of apps and groups; its members are those whose paths lie below its own.
///
/// @param dependencies apps and groups that are ready before any app of this group is touched
/// @param enforceRole whether its apps take its name as their role; kept for Mesos's clients
public record GroupSpec(PathId id, SortedSet<PathId> dependencies, Optional<Boolean> enforceRole) {
  public GroupSpec {
    dependencies = Sorted.setOf(dependencies);
  }

  public GroupSpec(PathId id, SortedSet<PathId> dependencies) {
    this(id, dependencies, Optional.empty());
  }
}
