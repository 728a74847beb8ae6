package dev.slipway.engine.local;

import dev.slipway.engine.local.LocalTask.Phase;
import java.time.Duration;
import java.time.Instant;

/// Carries out an order to end a task: SIGTERM, the grace, then SIGKILL until it ended.
final class TaskKill {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final TaskFinish finish;

  TaskKill(TaskFinish finish) {
    this.finish = finish;
  }

  /// Blocks until the task ended.
  void carryOut(LocalTask task, KillOrder order) throws InterruptedException {
    Duration grace = order.remaining(Instant.now());
    if (grace.isPositive()) {
      task.running().map(Phase.Running::processes).ifPresent(TaskProcesses::askToEnd);
      if (task.awaitEnd(grace)) {
        return;
      }
    }
    Duration pause = FIRST_PAUSE;
    // May not end: a process in uninterruptible sleep cannot be killed.
    while (true) {
      task.running().ifPresent(running -> TaskFinish.killAll(task, running.processes()));
      if (task.awaitEnd(pause)) {
        return;
      }
      finish.observe(task);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }
}
