package dev.slipway.engine.local;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The virtual threads that work on tasks, one for each piece of work, until they are stopped.
///
/// A fault in one piece of work is told and ends that piece alone.
final class TaskWorkers {
  private static final Logger log = LoggerFactory.getLogger(TaskWorkers.class);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("engine-local-task-", 0).factory());

  /// A piece of work, which an interruption ends.
  interface Work {
    void run() throws InterruptedException;
  }

  void start(Work work) {
    try {
      threads.execute(() -> run(work));
    } catch (RejectedExecutionException closing) {
      // What is left to do is found on the disk at the next start.
      return;
    }
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (InterruptedException closing) {
      return;
    } catch (RuntimeException fault) {
      log.error("task.work.failed", fault);
    }
  }

  /// Interrupts all work, and waits for it to end.
  void stop() throws InterruptedException {
    threads.shutdownNow();
    if (!threads.awaitTermination(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      log.warn("engine.close.incomplete");
    }
  }
}
