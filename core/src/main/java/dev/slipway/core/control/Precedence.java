package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sees to it that nobody takes room in a decision that an app of higher priority could use which
/// waits, too, and would otherwise be looked at only in a later one.
final class Precedence {
  /// An app that waits.
  private record Waiting(PathId app, int priority) {}

  private final Draft draft;
  private final Set<PathId> seen = new HashSet<>();
  private @Nullable List<Waiting> waiting;
  private int next;

  Precedence(Draft draft) {
    this.draft = draft;
  }

  void lookedAt(PathId app) {
    seen.add(app);
  }

  boolean letsOthersGoFirst(PathId app, int priority) {
    if (draft.memory().tenancy().span(draft.state()).highest() <= priority) {
      return false;
    }
    List<Waiting> all = waiting == null ? sorted() : waiting;
    waiting = all;
    boolean lets = false;
    while (next < all.size() && all.get(next).priority() > priority) {
      PathId other = all.get(next).app();
      next++;
      if (!seen.contains(other)) {
        draft.markApp(other);
        lets = true;
      }
    }
    if (lets) {
      draft.markApp(app);
    }
    return lets;
  }

  private List<Waiting> sorted() {
    List<Waiting> all = new ArrayList<>();
    for (PathId app : draft.state().waiting().keys()) {
      all.add(new Waiting(app, draft.priority(app)));
    }
    all.sort(Comparator.comparingInt(one -> -one.priority()));
    return all;
  }
}
