package dev.slipway.engine.local;

import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.engine.local.LocalTask.Phase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is looked at again and again, in threads of its own: output, life, memory and usage of the
/// running tasks (short steps); their disks and the sandboxes of ended ones (long steps); and what
/// destroyed volumes held (as long as that takes).
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private static final Duration TICK = Duration.ofSeconds(1);

  /// The pause while somebody floods its output.
  private static final Duration FAST_TICK = Duration.ofMillis(50);

  private static final int USAGE_EVERY_TICKS = 2;
  private static final Duration DISK_PAUSE = Duration.ofSeconds(2);

  /// Measuring disks takes at most one part in this many of one core's time.
  private static final int DISK_SHARE = 10;

  /// What a sandbox may exceed its request by, in hundredths.
  private static final int DISK_TOLERANCE = 110;

  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  private final Collection<LocalTask> tasks;
  private final String boot;
  private final Consumer<LocalTask> gone;
  private final Kill kill;
  private final Consumer<List<UsageSample>> usage;
  private final Disks disks;
  private final Consumer<LocalTask> forget;
  private final List<Thread> threads;

  /// What lies on the disk beside the sandboxes of running tasks.
  record Disks(Retention retention, Volumes volumes) {}

  /// How a task is ended from here.
  interface Kill {
    void now(LocalTask task, Reason reason, String message);
  }

  Upkeep(
      Collection<LocalTask> tasks,
      String boot,
      Consumer<LocalTask> gone,
      Kill kill,
      Reporter reporter,
      Disks disks,
      Consumer<LocalTask> forget) {
    this.tasks = tasks;
    this.boot = boot;
    this.gone = gone;
    this.kill = kill;
    this.usage = reporter::usage;
    this.disks = disks;
    this.forget = forget;
    this.threads =
        List.of(
            Thread.ofPlatform().daemon().name("engine-local-sweep").unstarted(this::sweep),
            Thread.ofPlatform().daemon().name("engine-local-disk").unstarted(this::measureDisks),
            Thread.ofPlatform().daemon().name("engine-local-removal").unstarted(this::remove));
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /// Ends the threads; what they were at is done again at the next start.
  void stop() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(CLOSE_DEADLINE);
    }
  }

  private void sweep() {
    long nextTick = System.nanoTime();
    int tick = 0;
    while (!Thread.currentThread().isInterrupted()) {
      boolean fast = checkOutputs();
      if (System.nanoTime() >= nextTick) {
        nextTick = System.nanoTime() + TICK.toNanos();
        tick++;
        guarded("life", this::checkLife);
        if (tick % USAGE_EVERY_TICKS == 0) {
          guarded("usage", this::measureUsage);
        }
      }
      pause(fast ? FAST_TICK : TICK);
    }
  }

  private boolean checkOutputs() {
    boolean fast = false;
    for (LocalTask task : tasks) {
      if (!(task.phase() instanceof Phase.Running running)) {
        continue;
      }
      try {
        running.output().check();
        fast |= running.output().isFast();
      } catch (IOException problem) {
        log.warn("task.output.not.cut task={} cause=\"{}\"", task.id(), problem.toString());
      }
    }
    return fast;
  }

  private void checkLife() {
    for (LocalTask task : tasks) {
      if (task.phase() instanceof Phase.Running running && !running.supervisor().isAlive(boot)) {
        gone.accept(task);
      }
    }
  }

  private void measureUsage() {
    List<LocalTask> running = tasks.stream().filter(t -> t.running().isPresent()).toList();
    usage.accept(UsageMeter.measure(running));
    for (LocalTask task : running) {
      task.running().ifPresent(phase -> checkMemory(task, phase.run()));
    }
  }

  /// Where the kernel killed one process for the whole task's memory, the rest must not limp on.
  private void checkMemory(LocalTask task, RunRecord run) {
    if (TaskGroup.of(run).outOfMemoryKills() > 0) {
      kill.now(task, Reason.OUT_OF_MEMORY, TaskEndings.outOfMemory(run.memoryLimit()));
    }
  }

  private void measureDisks() {
    while (!Thread.currentThread().isInterrupted()) {
      long begin = System.nanoTime();
      for (LocalTask task : tasks) {
        task.running().ifPresent(running -> guarded("disk", () -> checkDisk(task, running)));
      }
      guarded("volumes", disks.volumes()::measure);
      guarded("retention", () -> disks.retention().run(List.copyOf(tasks), forget));
      long spent = System.nanoTime() - begin;
      long pause = Math.max(DISK_PAUSE.toNanos(), spent * (DISK_SHARE - 1));
      pause(Duration.ofNanos(pause));
    }
  }

  private void remove() {
    try {
      // Ends when it is interrupted; what is left is removed at the next start.
      while (true) {
        disks.volumes().removeNext();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void checkDisk(LocalTask task, Phase.Running running) {
    long limit = running.launch().resources().diskBytes();
    if (limit <= 0) {
      return;
    }
    long used = Tree.bytes(task.directory().sandbox());
    if (used > limit / 100 * DISK_TOLERANCE) {
      String message =
          "its sandbox holds %d MiB, more than the %d MiB it requested"
              .formatted(used / Resources.MEBIBYTE, limit / Resources.MEBIBYTE);
      kill.now(task, Reason.DISK_LIMIT, message);
    }
  }

  /// A fault in one round is told and the next round goes on.
  private static void guarded(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException fault) {
      log.error("engine.upkeep.failed step={} at={}", what, Instant.now(), fault);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }
}
