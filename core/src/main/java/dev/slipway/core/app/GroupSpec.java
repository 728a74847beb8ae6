package dev.slipway.core.app;

import java.util.SortedSet;

/// A group of apps and groups; its members are those whose paths lie below its own.
///
/// @param dependencies apps and groups that are ready before any app of this group is touched
public record GroupSpec(PathId id, SortedSet<PathId> dependencies) {
  public GroupSpec {
    dependencies = Sorted.setOf(dependencies);
  }
}
