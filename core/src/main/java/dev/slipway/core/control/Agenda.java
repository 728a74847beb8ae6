package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Apps that are to be looked at: those of the highest priority first, equal ones by id.
final class Agenda {
  private final NavigableMap<Integer, NavigableSet<PathId>> byPriority =
      new TreeMap<>(Collections.reverseOrder());
  private final Map<PathId, Integer> priorities = new HashMap<>();

  /// @param priority what it is now; the app is looked at by the last one that was told
  void add(PathId app, int priority) {
    Integer known = priorities.put(app, priority);
    if (known != null && known != priority) {
      drop(app, known);
    }
    byPriority.computeIfAbsent(priority, key -> new TreeSet<>()).add(app);
  }

  void remove(PathId app) {
    Integer known = priorities.remove(app);
    if (known != null) {
      drop(app, known);
    }
  }

  private void drop(PathId app, int priority) {
    NavigableSet<PathId> apps = byPriority.get(priority);
    if (apps != null && apps.remove(app) && apps.isEmpty()) {
      byPriority.remove(priority);
    }
  }

  /// The highest priority of those that are to be looked at.
  int highest() {
    return byPriority.isEmpty() ? Integer.MIN_VALUE : byPriority.firstKey();
  }

  @Nullable PathId pollFirst() {
    if (byPriority.isEmpty()) {
      return null;
    }
    PathId app = byPriority.firstEntry().getValue().first();
    remove(app);
    return app;
  }
}
