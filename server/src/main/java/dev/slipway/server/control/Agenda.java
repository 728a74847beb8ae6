package dev.slipway.server.control;

import dev.slipway.core.app.PathId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// When to look at which app again. Owned by the control thread; never recorded, since looking at
/// every app once gives it anew.
final class Agenda {
  private final Map<PathId, Instant> times = new HashMap<>();
  private final TreeMap<Instant, SortedSet<PathId>> order = new TreeMap<>();

  void update(Map<PathId, Optional<Instant>> wakeUps) {
    wakeUps.forEach(
        (app, time) -> {
          remove(app);
          time.ifPresent(at -> add(app, at));
        });
  }

  Optional<Instant> next() {
    return order.isEmpty() ? Optional.empty() : Optional.of(order.firstKey());
  }

  /// Takes out the apps whose time has come.
  SortedSet<PathId> due(Instant now) {
    SortedSet<PathId> due = new TreeSet<>();
    while (!order.isEmpty() && !order.firstKey().isAfter(now)) {
      SortedSet<PathId> apps = order.pollFirstEntry().getValue();
      apps.forEach(times::remove);
      due.addAll(apps);
    }
    return due;
  }

  private void add(PathId app, Instant at) {
    times.put(app, at);
    order.computeIfAbsent(at, key -> new TreeSet<>()).add(app);
  }

  private void remove(PathId app) {
    Instant known = times.remove(app);
    if (known == null) {
      return;
    }
    SortedSet<PathId> apps = order.get(known);
    if (apps != null) {
      apps.remove(app);
      if (apps.isEmpty()) {
        order.remove(known);
      }
    }
  }
}
