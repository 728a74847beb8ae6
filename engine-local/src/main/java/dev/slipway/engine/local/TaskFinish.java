package dev.slipway.engine.local;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.engine.local.LocalTask.Phase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings tasks to their end once their program is gone: ends what it left running, tells how it
/// ended, keeps that on the disk and removes the control groups. A task is only told as ended when
/// none of its processes is left.
final class TaskFinish {
  private static final Logger log = LoggerFactory.getLogger(TaskFinish.class);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration COMPLAIN_EVERY = Duration.ofSeconds(30);

  /// How often a control group is tried to be removed; the kernel may need a moment.
  private static final int REMOVALS = 20;

  private final Reporter reporter;
  private final Outfitter outfitter;
  private final String boot;

  TaskFinish(Reporter reporter, Outfitter outfitter, String boot) {
    this.reporter = reporter;
    this.outfitter = outfitter;
    this.boot = boot;
  }

  /// Looks whether a running task's program is gone, and finishes it if so. Blocks until none of
  /// its processes is left.
  void observe(LocalTask task) throws InterruptedException {
    Optional<Phase.Running> running = task.running();
    if (running.isEmpty() || !isGone(task, running.get())) {
      return;
    }
    Optional<Phase.Running> taken = task.beginFinish();
    if (taken.isPresent()) {
      finish(task, taken.get());
    }
  }

  private boolean isGone(LocalTask task, Phase.Running running) {
    // In this order: a supervisor records the exit and then ends.
    boolean alive = running.supervisor().isAlive(boot);
    return !alive || java.nio.file.Files.exists(task.directory().exit());
  }

  private void finish(LocalTask task, Phase.Running running) throws InterruptedException {
    endRest(task, running);
    TaskGroup group = TaskGroup.of(running.run());
    TaskEnd end = tell(task, running, group);
    outfitter.takeBack(task.directory());
    record(task, end);
    removeGroup(group);
    reporter.report(task);
  }

  private TaskEnd tell(LocalTask task, Phase.Running running, TaskGroup group) {
    try {
      Optional<Integer> code = task.directory().exitCode();
      if (code.isPresent()) {
        return TaskEndings.seen(
            task.directory(),
            code.get(),
            running.launch().command(),
            task.order(),
            group.outOfMemoryKills(),
            running.run().memoryLimit());
      }
    } catch (IOException damaged) {
      log.warn("task.exit.unreadable task={} cause=\"{}\"", task.id(), damaged.getMessage());
    }
    if (!running.supervisor().boot().equals(boot)) {
      return TaskEndings.unseen(task.order(), "the machine was restarted");
    }
    return TaskEndings.unseen(
        task.order(), "its supervisor was ended from outside; how the task ended is not known");
  }

  /// Ends a task that never ran.
  void endWithoutRun(LocalTask task, TaskEnd end) {
    outfitter.takeBack(task.directory());
    record(task, end);
    reporter.report(task);
  }

  /// Keeps the end on the disk and makes it known. A disk that is full does not keep a task from
  /// ending: after a restart the end is told anew from what the supervisor recorded.
  static void record(LocalTask task, TaskEnd end) {
    var record = new EndRecord(end, Instant.now());
    try {
      task.directory().writeEnd(record);
    } catch (IOException notWritten) {
      log.warn("task.end.not.kept task={} cause=\"{}\"", task.id(), notWritten.getMessage());
    }
    task.ends(record);
  }

  /// With a kill under way what is left has the rest of the grace; otherwise none.
  private void endRest(LocalTask task, Phase.Running running) throws InterruptedException {
    if (!running.supervisor().boot().equals(boot)) {
      return;
    }
    TaskProcesses processes = running.processes();
    Duration grace =
        task.order().map(order -> order.remaining(Instant.now())).orElse(Duration.ZERO);
    long force = System.nanoTime() + grace.toNanos();
    long complain = force + COMPLAIN_EVERY.toNanos();
    Duration pause = SHORTEST_PAUSE;
    // May not end: a process in uninterruptible sleep holds its resources until the kernel lets go.
    while (!processes.isEmpty()) {
      if (System.nanoTime() >= force) {
        killAll(task, processes);
      }
      if (System.nanoTime() >= complain) {
        log.warn("task.unkillable task={} state=uninterruptible", task.id());
        complain = System.nanoTime() + COMPLAIN_EVERY.toNanos();
      }
      Thread.sleep(pause);
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  static void killAll(LocalTask task, TaskProcesses processes) {
    try {
      processes.killAll();
    } catch (IOException problem) {
      log.warn("task.kill.failed task={} cause=\"{}\"", task.id(), problem.getMessage());
    }
  }

  /// Ends what runs in a control group that belongs to no task we know.
  static void endStranger(TaskGroup group) throws InterruptedException {
    try {
      if (!group.processes().isEmpty() && !group.killAtOnce()) {
        group.processes().stream()
            .flatMap(pid -> ProcessHandle.of(pid).stream())
            .forEach(ProcessHandle::destroyForcibly);
      }
      removeGroup(group);
    } catch (IOException problem) {
      log.warn("task.group.left cause=\"{}\"", problem.getMessage());
    }
  }

  static void removeGroup(TaskGroup group) throws InterruptedException {
    for (int i = 0; i < REMOVALS && !group.remove(); i++) {
      Thread.sleep(SHORTEST_PAUSE.multipliedBy(i + 1));
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
