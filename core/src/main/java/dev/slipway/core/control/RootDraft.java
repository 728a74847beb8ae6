package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The next root in the making, and how it differs from the one before.
final class RootDraft {
  private final Root before;
  private final Instant version;
  private final Survivors survivors;
  private Root root;
  private final SortedMap<PathId, Change<App>> apps = new TreeMap<>();
  private final SortedMap<PathId, Change<GroupSpec>> groups = new TreeMap<>();
  private final SortedSet<PathId> named = new TreeSet<>();
  private final List<Problem> problems = new ArrayList<>();

  /// How many apps of this draft have each service port; empty until it is asked for.
  private final Map<Integer, Integer> servicePorts = new HashMap<>();

  RootDraft(Root before, Instant now) {
    this(before, now, Survivors.NONE);
  }

  /// @param survivors by which a spec that was left before is known again
  RootDraft(Root before, Instant now, Survivors survivors) {
    this.before = before;
    this.root = before;
    this.survivors = survivors;
    Instant next = before.version().plus(Duration.ofMillis(1));
    Instant exact = now.truncatedTo(ChronoUnit.MILLIS);
    this.version = exact.isBefore(next) ? next : exact;
  }

  static RootDraft of(State state, Instant now) {
    return new RootDraft(state.root(), now, Survivors.of(state));
  }

  Root before() {
    return before;
  }

  Root root() {
    return root;
  }

  Instant version() {
    return version;
  }

  List<Problem> problems() {
    return problems;
  }

  SortedMap<PathId, Change<App>> apps() {
    return apps;
  }

  SortedMap<PathId, Change<GroupSpec>> groups() {
    return groups;
  }

  /// The apps that were put in place, changed thereby or not.
  SortedSet<PathId> named() {
    return named;
  }

  void problem(String path, String message) {
    problems.add(new Problem(path, message));
  }

  /// Works a wish out against the app as it is in this draft.
  void revise(AppChange change) {
    Optional<AppSpec> current = Optional.ofNullable(root.apps().get(change.id())).map(App::spec);
    switch (change.revision().apply(current)) {
      case AppChange.Result.Invalid invalid -> problems.addAll(invalid.problems());
      case AppChange.Result.Revised revised -> put(revised.spec());
    }
  }

  /// Puts an app in place; asks for any service port are answered here.
  void put(AppSpec wanted) {
    App current = root.apps().get(wanted.id());
    if (current != null) {
      problems.addAll(ResidentUpdate.problems(current.spec(), wanted));
    }
    AppSpec spec = withServicePorts(wanted, Optional.ofNullable(current));
    restore(current == null ? new App(spec, VersionInfo.first(version)) : revised(current, spec));
  }

  /// Instances that still run as the spec says are as good as new ones: going back to what was left
  /// in the middle of an update keeps those that it had not replaced.
  private App revised(App current, AppSpec spec) {
    App next = current.revised(spec, version);
    if (next.generation().equals(current.generation())) {
      return next;
    }
    return survivors
        .generation(spec)
        .map(known -> new App(spec, new VersionInfo(version, version, version, known)))
        .orElse(next);
  }

  /// Has all instances of an app replaced by ones of the same spec.
  void restart(PathId id) {
    App app = Objects.requireNonNull(root.apps().get(id));
    restore(new App(app.spec(), app.versions().restarted(version)));
  }

  /// Puts an app in place exactly as given, its version included.
  void restore(App app) {
    named.add(app.id());
    if (root.groups().containsKey(app.id())) {
      problem("/id", "Groups and Applications may not have the same identifier.");
      return;
    }
    if (!ensureGroups(app.id().parent())) {
      return;
    }
    if (app.spec().instances() > Limits.INSTANCES) {
      problem("/instances", "must be at most " + Limits.INSTANCES);
      return;
    }
    replaceServicePorts(root.apps().get(app.id()), app);
    root = new Root(root.apps().put(app.id(), app), root.groups(), version);
    note(apps, app.id(), Optional.ofNullable(before.apps().get(app.id())), Optional.of(app));
  }

  void remove(PathId app) {
    replaceServicePorts(root.apps().get(app), null);
    root = new Root(root.apps().remove(app), root.groups(), version);
    note(apps, app, Optional.ofNullable(before.apps().get(app)), Optional.empty());
  }

  /// Puts a group in place, and those that it lies in.
  void put(GroupSpec group) {
    if (root.apps().containsKey(group.id())) {
      problem("/id", "Groups and Applications may not have the same identifier.");
      return;
    }
    if (!group.id().isRoot() && !ensureGroups(group.id().parent())) {
      return;
    }
    root = new Root(root.apps(), root.groups().put(group.id(), group), version);
    note(
        groups,
        group.id(),
        Optional.ofNullable(before.groups().get(group.id())),
        Optional.of(group));
  }

  /// Removes a group with all that it holds; the root group itself stays, empty.
  void removeGroup(PathId group) {
    root.appsWithin(group).forEach(app -> remove(app.id()));
    for (GroupSpec inner : root.groupsWithin(group)) {
      if (!inner.id().isRoot()) {
        root = new Root(root.apps(), root.groups().remove(inner.id()), version);
        note(
            groups,
            inner.id(),
            Optional.ofNullable(before.groups().get(inner.id())),
            Optional.empty());
      }
    }
  }

  /// Whether a group holds nothing.
  boolean isEmpty(PathId group) {
    return root.appsWithin(group).isEmpty() && root.groupsWithin(group).size() <= 1;
  }

  Event.RootChanged event(Instant now) {
    return new Event.RootChanged(
        version, present(apps), absent(apps), present(groups), absent(groups), now);
  }

  private boolean ensureGroups(PathId group) {
    if (root.groups().containsKey(group)) {
      return true;
    }
    put(new GroupSpec(group, new TreeSet<>()));
    return root.groups().containsKey(group);
  }

  private static <T> void note(
      SortedMap<PathId, Change<T>> changes, PathId id, Optional<T> before, Optional<T> after) {
    if (before.equals(after)) {
      changes.remove(id);
      return;
    }
    changes.put(id, new Change<>(before, after));
  }

  private static <T> List<T> present(SortedMap<PathId, Change<T>> changes) {
    return changes.values().stream().flatMap(change -> change.after().stream()).toList();
  }

  private static <T> List<PathId> absent(SortedMap<PathId, Change<T>> changes) {
    return changes.entrySet().stream()
        .filter(entry -> entry.getValue().after().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Gives each port that asks for service port 0 the one it had, or the lowest that no app has.
  /// The one it had is kept even where another app asks for the same by number: a port that changes
  /// would restart all instances.
  private AppSpec withServicePorts(AppSpec wanted, Optional<App> current) {
    List<Integer> asked = wanted.servicePorts();
    if (!asked.contains(0)) {
      return wanted;
    }
    List<Integer> old = current.map(app -> app.spec().servicePorts()).orElse(List.of());
    var own = new BitSet();
    asked.forEach(own::set);
    var others = othersServicePorts(old);
    List<Integer> assigned = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      int port = asked.get(i);
      if (port == 0 && i < old.size() && !own.get(old.get(i))) {
        port = old.get(i);
      }
      if (port == 0) {
        port = Limits.FIRST_SERVICE_PORT;
        while (own.get(port) || others.test(port)) {
          port++;
        }
        if (port > Limits.LAST_SERVICE_PORT) {
          problem(portPath(wanted, i), "no service port is free any more");
          return wanted;
        }
      }
      own.set(port);
      assigned.add(port);
    }
    return wanted.withServicePorts(assigned);
  }

  private static String portPath(AppSpec app, int index) {
    return app.isOnHostNetwork()
        ? "/portDefinitions(" + index + ")/port"
        : "/container/portMappings(" + index + ")/servicePort";
  }

  /// Whether an app has a port, but for one that has the ports `own`.
  private IntPredicate othersServicePorts(List<Integer> own) {
    if (servicePorts.isEmpty()) {
      root.apps().values().forEach(app -> count(app, 1));
    }
    return port -> {
      long mine = own.stream().filter(owned -> owned == port).count();
      return servicePorts.getOrDefault(port, 0) > mine;
    };
  }

  private void replaceServicePorts(@Nullable App before, @Nullable App after) {
    if (servicePorts.isEmpty()) {
      return;
    }
    if (before != null) {
      count(before, -1);
    }
    if (after != null) {
      count(after, 1);
    }
  }

  private void count(App app, int by) {
    app.spec().servicePorts().forEach(port -> servicePorts.merge(port, by, Integer::sum));
  }
}
