package dev.slipway.core.scenario;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Virtual time: what is planned happens in its order, at once. For one thread.
final class Timeline {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MAX_STEPS = 400_000;

  private record Planned(Instant at, long order, Runnable what) {}

  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingLong(Planned::order));
  private Instant now = START;
  private long order;
  private int steps;

  /// The time that really passes; no clock that jumps shows it.
  Instant now() {
    return now;
  }

  /// How many things have happened.
  int steps() {
    return steps;
  }

  void after(Duration delay, Runnable what) {
    plan.add(new Planned(now.plus(delay), order++, what));
  }

  void pass(Duration time) {
    Instant limit = now.plus(time);
    while (!plan.isEmpty() && !plan.peek().at().isAfter(limit)) {
      Planned next = plan.remove();
      now = next.at();
      steps++;
      Rule.BOUNDED.holds(steps < MAX_STEPS, "it never comes to rest");
      next.what().run();
    }
    now = limit;
  }
}
