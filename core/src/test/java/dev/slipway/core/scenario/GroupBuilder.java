package dev.slipway.core.scenario;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.GroupChange;
import dev.slipway.core.control.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A group of a story. What is not called stays absent, and so as it was.
record GroupBuilder(
    PathId id,
    Optional<List<AppBuilder>> apps,
    Optional<List<GroupBuilder>> groups,
    Optional<SortedSet<PathId>> dependencies) {

  static GroupBuilder group(String id) {
    return new GroupBuilder(PathId.of(id), Optional.empty(), Optional.empty(), Optional.empty());
  }

  GroupBuilder with(AppBuilder... members) {
    return new GroupBuilder(id, Optional.of(List.of(members)), groups, dependencies);
  }

  GroupBuilder with(GroupBuilder... members) {
    return new GroupBuilder(id, apps, Optional.of(List.of(members)), dependencies);
  }

  GroupBuilder dependingOn(String... names) {
    var all = Arrays.stream(names).map(PathId::of).collect(Collectors.toCollection(TreeSet::new));
    return new GroupBuilder(id, apps, groups, Optional.of(all));
  }

  Input.ChangeGroup put() {
    return put(Input.Expectation.ANY, false);
  }

  Input.ChangeGroup put(Input.Expectation expectation, boolean force) {
    return new Input.ChangeGroup(change(), expectation, force);
  }

  /// Passing over dependencies that do not exist.
  Input.ChangeGroup lenient() {
    return new Input.ChangeGroup(
        change(), Input.Expectation.ANY, new Input.Terms(false, false, true));
  }

  static Input.ChangeGroup scale(String id, double factor) {
    var change =
        new GroupChange(
            PathId.of(id),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(factor));
    return new Input.ChangeGroup(change, Input.Expectation.PRESENT, false);
  }

  private GroupChange change() {
    Optional<List<AppChange>> appChanges =
        apps.map(all -> all.stream().map(app -> Scenario.always(app.spec())).toList());
    Optional<List<GroupChange>> groupChanges =
        groups.map(
            all -> {
              List<GroupChange> changes = new ArrayList<>();
              all.forEach(inner -> changes.add(inner.change()));
              return changes;
            });
    return new GroupChange(id, appChanges, groupChanges, dependencies, Optional.empty());
  }
}
