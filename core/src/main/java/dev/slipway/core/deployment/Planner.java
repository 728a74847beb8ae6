package dev.slipway.core.deployment;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Turns changes of apps into steps, as Marathon's `DeploymentPlan.scala` does, with one
/// difference: removed apps stop in the reverse order of their dependencies, as its documentation
/// promises.
///
/// 1. Stop what is removed, dependents first.
/// 2. Make new apps known.
/// 3. Scale or restart the rest, layer by layer: an app stands one layer above the highest app that
/// it
///    depends on, also through apps that do not change.
public final class Planner {
  private Planner() {}

  /// @param unfinished apps of which instances are left that another deployment was replacing; they
  ///     are replaced on, also where nothing but their number changes
  public static List<Step> plan(
      Root before, Root after, SortedMap<PathId, Change<App>> changes, Set<PathId> unfinished) {
    List<Action> starts = new ArrayList<>();
    SortedMap<Integer, List<Action>> stops = new TreeMap<>();
    SortedMap<Integer, List<Action>> layers = new TreeMap<>();
    var heightBefore = new Heights(before);
    var heightAfter = new Heights(after);
    changes.forEach(
        (id, change) -> {
          if (change.after().isEmpty()) {
            int layer = -heightBefore.of(id);
            add(stops, layer, new Action(Action.Kind.STOP, id));
            return;
          }
          if (change.before().isEmpty()) {
            starts.add(new Action(Action.Kind.START, id));
          }
          kind(change, unfinished.contains(id))
              .ifPresent(kind -> add(layers, heightAfter.of(id), new Action(kind, id)));
        });
    List<Step> steps = new ArrayList<>();
    stops.values().forEach(actions -> steps.add(new Step(actions)));
    if (!starts.isEmpty()) {
      steps.add(new Step(starts));
    }
    layers.values().forEach(actions -> steps.add(new Step(actions)));
    return steps;
  }

  /// A cycle of dependencies in `root` that one of `apps` is part of or leads to, if there is one.
  public static boolean hasCycle(Root root, Iterable<PathId> apps) {
    var heights = new Heights(root);
    for (PathId app : apps) {
      heights.of(app);
    }
    return heights.cyclic;
  }

  private static Optional<Action.Kind> kind(Change<App> change, boolean unfinished) {
    if (change.before().isEmpty()) {
      return Optional.of(Action.Kind.SCALE);
    }
    App before = change.before().get();
    App after = change.after().orElseThrow();
    if (before.equals(after)) {
      return Optional.empty();
    }
    boolean replaced = unfinished || !before.generation().equals(after.generation());
    return Optional.of(
        replaced && after.spec().instances() > 0 ? Action.Kind.RESTART : Action.Kind.SCALE);
  }

  private static void add(SortedMap<Integer, List<Action>> layers, int layer, Action action) {
    layers.computeIfAbsent(layer, key -> new ArrayList<>()).add(action);
  }

  /// The length of the longest chain of dependencies below each app, worked out as far as asked. A
  /// chain may be as long as there are apps, so that the way down is kept on a stack of its own.
  private static final class Heights {
    private final Root root;
    private final Map<PathId, Integer> known = new HashMap<>();
    private final Set<PathId> open = new HashSet<>();
    private boolean cyclic;

    private static final class Visit {
      final PathId app;
      final Iterator<PathId> dependencies;
      int height;

      Visit(PathId app, Iterator<PathId> dependencies) {
        this.app = app;
        this.dependencies = dependencies;
      }
    }

    Heights(Root root) {
      this.root = root;
    }

    int of(PathId id) {
      Deque<Visit> way = new ArrayDeque<>();
      enter(way, id);
      while (!way.isEmpty()) {
        Visit visit = way.getLast();
        if (visit.dependencies.hasNext()) {
          step(way, visit, visit.dependencies.next());
          continue;
        }
        way.removeLast();
        open.remove(visit.app);
        known.put(visit.app, visit.height);
        if (!way.isEmpty()) {
          way.getLast().height = Math.max(way.getLast().height, visit.height + 1);
        }
      }
      return known.getOrDefault(id, 0);
    }

    private void step(Deque<Visit> way, Visit visit, PathId dependency) {
      Integer height = known.get(dependency);
      if (height != null) {
        visit.height = Math.max(visit.height, height + 1);
      } else if (open.contains(dependency)) {
        cyclic = true;
      } else {
        enter(way, dependency);
      }
    }

    private void enter(Deque<Visit> way, PathId id) {
      App app = root.apps().get(id);
      if (app == null || known.containsKey(id)) {
        return;
      }
      open.add(id);
      way.addLast(new Visit(id, root.dependenciesOf(app.spec()).iterator()));
    }
  }
}
