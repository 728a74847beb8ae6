package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Wishes about groups: the same as wishes about all the apps they hold, in one deployment.
final class GroupCommands {
  private GroupCommands() {}

  /// Changes the draft as the wish wants it, or tells why that cannot be.
  static Optional<Reply> changeGroup(RootDraft root, Input.ChangeGroup wish) {
    PathId id = wish.change().id();
    boolean exists = root.root().groups().containsKey(id);
    switch (wish.expectation()) {
      case ABSENT -> {
        if (exists && !id.isRoot()) {
          return Optional.of(
              new Reply.Conflict(
                  "Group " + id + " is already created. Use PUT to change this group."));
        }
        if (root.root().apps().containsKey(id)) {
          return Optional.of(new Reply.Conflict("An app with the path " + id + " already exists."));
        }
      }
      case PRESENT -> {
        if (!exists) {
          return unknown(id, "");
        }
      }
      case ANY -> {}
    }
    if (wish.change().scaleBy().isPresent() && !exists) {
      return unknown(id, "");
    }
    change(root, wish.change());
    return Optional.empty();
  }

  static Optional<Reply> removeGroup(RootDraft root, Input.RemoveGroup wish) {
    if (!root.root().groups().containsKey(wish.group())) {
      return unknown(wish.group(), "");
    }
    root.removeGroup(wish.group());
    return Optional.empty();
  }

  static Optional<Reply> restoreGroup(State state, RootDraft root, Input.RestoreGroup wish) {
    Optional<Root> then = state.rootAt(wish.version());
    if (then.isEmpty() || !then.get().groups().containsKey(wish.group())) {
      return unknown(wish.group(), " in version " + Timestamps.format(wish.version()));
    }
    for (App app : root.root().appsWithin(wish.group())) {
      if (!then.get().apps().containsKey(app.id())) {
        root.remove(app.id());
      }
    }
    for (GroupSpec group : root.root().groupsWithin(wish.group())) {
      if (!then.get().groups().containsKey(group.id())) {
        root.removeGroup(group.id());
      }
    }
    then.get().groupsWithin(wish.group()).forEach(root::put);
    then.get().appsWithin(wish.group()).forEach(app -> root.put(app.spec()));
    return Optional.empty();
  }

  private static Optional<Reply> unknown(PathId group, String when) {
    return Optional.of(new Reply.NotFound("Group '" + group + "' does not exist" + when));
  }

  private static void change(RootDraft root, GroupChange wish) {
    if (wish.scaleBy().isPresent()) {
      scale(root, wish.id(), wish.scaleBy().get());
      return;
    }
    // What is to go goes first, so that an app may take the place of a group and the other way
    // round.
    wish.apps().ifPresent(apps -> removeOtherApps(root, wish.id(), apps));
    wish.groups().ifPresent(groups -> removeOtherGroups(root, wish.id(), groups));
    GroupSpec current = root.root().groups().get(wish.id());
    var dependencies =
        wish.dependencies()
            .or(() -> Optional.ofNullable(current).map(GroupSpec::dependencies))
            .orElseGet(TreeSet::new);
    var enforceRole =
        wish.enforceRole().or(() -> Optional.ofNullable(current).flatMap(GroupSpec::enforceRole));
    root.put(new GroupSpec(wish.id(), dependencies, enforceRole));
    wish.apps().orElse(List.of()).forEach(root::revise);
    wish.groups().orElse(List.of()).forEach(inner -> change(root, inner));
  }

  private static void removeOtherApps(RootDraft root, PathId group, List<AppChange> kept) {
    Set<PathId> ids = kept.stream().map(AppChange::id).collect(Collectors.toSet());
    for (App app : root.root().appsWithin(group)) {
      if (app.id().parent().equals(group) && !ids.contains(app.id())) {
        root.remove(app.id());
      }
    }
  }

  private static void removeOtherGroups(RootDraft root, PathId group, List<GroupChange> kept) {
    Set<PathId> ids = kept.stream().map(GroupChange::id).collect(Collectors.toSet());
    for (GroupSpec inner : root.root().groupsWithin(group)) {
      boolean member = !inner.id().isRoot() && inner.id().parent().equals(group);
      if (member && !ids.contains(inner.id())) {
        root.removeGroup(inner.id());
      }
    }
  }

  private static void scale(RootDraft root, PathId group, double factor) {
    if (!Double.isFinite(factor) || factor < 0) {
      root.problem("/scaleBy", "must be a number that is not negative");
      return;
    }
    for (App app : root.root().appsWithin(group)) {
      if (app.spec().scheduling().daemon()) {
        // It grows and shrinks with the nodes, whatever its group does.
        continue;
      }
      double wanted = Math.ceil(app.spec().instances() * factor);
      root.put(app.spec().withInstances((int) Math.min(wanted, Integer.MAX_VALUE)));
    }
  }
}
