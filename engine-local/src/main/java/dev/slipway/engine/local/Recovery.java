package dev.slipway.engine.local;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.engine.local.LocalTask.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the tasks that an earlier run of the platform left, from the disk alone.
///
/// A process is only taken for a task's if number, start and boot agree. A damaged record ends its
/// own task and nothing else.
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final Duration DAMAGED_DEADLINE = Duration.ofSeconds(5);

  private final EngineDirectory directory;
  private final LocalLimits limits;
  private final String boot;
  private final NodeId fallback;

  /// A task as it was found, and the order to run it, if it did not end.
  record Found(LocalTask task, Optional<TaskLaunch> launch) {}

  /// @param fallback the node named for tasks whose record does not say it any more
  Recovery(EngineDirectory directory, LocalLimits limits, String boot, NodeId fallback) {
    this.directory = directory;
    this.limits = limits;
    this.boot = boot;
    this.fallback = fallback;
  }

  List<Found> find() throws IOException, InterruptedException {
    List<Found> found = new ArrayList<>();
    for (String name : directory.names()) {
      if (name.startsWith(".")) {
        Tree.delete(directory.tasks().resolve(name));
        continue;
      }
      TaskDirectory task = directory.named(name);
      try {
        find(task).ifPresent(found::add);
      } catch (IOException damaged) {
        damaged(task, String.valueOf(damaged.getMessage())).ifPresent(found::add);
      }
    }
    return found;
  }

  private Optional<Found> find(TaskDirectory directory) throws IOException {
    Optional<RecordFile.Content> content = directory.launch();
    if (content.isEmpty()) {
      // The crash came before the order was accepted.
      Tree.delete(directory.path());
      return Optional.empty();
    }
    TaskLaunch launch = LaunchRecord.decode(content.get());
    Optional<KillOrder> order = orElseNone(directory, directory::kill);
    Optional<EndRecord> end = orElseNone(directory, directory::end);
    if (end.isPresent()) {
      var task =
          new LocalTask(launch.id(), launch.node(), directory, new Phase.Ended(end.get()), order);
      return Optional.of(new Found(task, Optional.empty()));
    }
    Phase phase = phase(directory, launch);
    var task = new LocalTask(launch.id(), launch.node(), directory, phase, order);
    return Optional.of(new Found(task, Optional.of(launch)));
  }

  /// Running, even if its supervisor is gone: finishing it tells what became of it. Staging when no
  /// supervisor ever began, and from here on none of that attempt will.
  private Phase phase(TaskDirectory directory, TaskLaunch launch) throws IOException {
    int attempt = directory.attempt();
    if (directory.giveUp(attempt)) {
      return new Phase.Staging();
    }
    Optional<RunRecord> run = directory.run();
    if (run.isEmpty()) {
      throw new IOException("the run record is missing");
    }
    ProcessIdentity supervisor =
        ProcessIdentity.read(directory.claim(attempt))
            .orElseThrow(() -> new IOException("the supervisor's record is missing"));
    return TaskStart.running(directory, launch, supervisor, run.get(), limits);
  }

  private interface Read<T> {
    Optional<T> get() throws IOException;
  }

  /// Records that only add to what is known are passed over when damaged.
  private static <T> Optional<T> orElseNone(TaskDirectory directory, Read<T> read) {
    try {
      return read.get();
    } catch (IOException damaged) {
      log.warn("task.record.damaged task={} cause=\"{}\"", directory.name(), damaged.getMessage());
      return Optional.empty();
    }
  }

  /// A task of which too little is known to go on with it: what still runs of it is ended.
  private Optional<Found> damaged(TaskDirectory directory, String cause)
      throws InterruptedException {
    log.warn("task.damaged task={} cause=\"{}\"", directory.name(), cause);
    TaskId id;
    try {
      id = new TaskId(directory.name());
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
    endDamaged(directory);
    var task = new LocalTask(id, fallback, directory, new Phase.Finishing(), Optional.empty());
    TaskFinish.record(
        task, TaskEnd.of(TaskEnd.Reason.GONE, "what was known of the task is damaged: " + cause));
    return Optional.of(new Found(task, Optional.empty()));
  }

  private void endDamaged(TaskDirectory directory) throws InterruptedException {
    var unknown = new Account(0, 0, Optional.empty());
    RunRecord run =
        orElseNone(directory, directory::run)
            .orElseGet(() -> new RunRecord(IsolationTier.PROCESS, unknown, List.of(), 0));
    Optional<ProcessIdentity> supervisor =
        orElseNone(directory, () -> ProcessIdentity.read(directory.claim(directory.attempt())));
    if (supervisor.isEmpty() || !supervisor.get().boot().equals(boot)) {
      return;
    }
    var processes = new TaskProcesses(directory, supervisor.get(), run);
    long deadline = System.nanoTime() + DAMAGED_DEADLINE.toNanos();
    while (!processes.isEmpty() && System.nanoTime() < deadline) {
      try {
        processes.killAll();
      } catch (IOException problem) {
        log.warn("task.kill.failed task={} cause=\"{}\"", directory.name(), problem.toString());
      }
      Thread.sleep(20);
    }
  }
}
