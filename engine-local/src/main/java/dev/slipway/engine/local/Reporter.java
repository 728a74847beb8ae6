package dev.slipway.engine.local;

import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the listener and the log what became of tasks. A listener that fails is a fault of its own
/// and stops nothing here.
final class Reporter {
  private static final Logger log = LoggerFactory.getLogger(Reporter.class);

  private final EngineListener listener;

  Reporter(EngineListener listener) {
    this.listener = listener;
  }

  static TaskObservation observation(LocalTask task) {
    Instant at = task.end().map(EndRecord::at).orElseGet(Instant::now);
    return new TaskObservation(task.id(), task.node(), at, task.status());
  }

  void report(LocalTask task) {
    TaskObservation observation = observation(task);
    switch (observation.status()) {
      case Status.Staging staging -> log.info("task.staging task={}", task.id());
      case Status.Running running -> log.info("task.running task={}", task.id());
      case Status.Ended(TaskEnd end) ->
          log.info(
              "task.ended task={} reason={} message=\"{}\"",
              task.id(),
              end.reason(),
              end.message());
    }
    guarded(() -> listener.taskSeen(observation));
  }

  /// Answers an order to end a task that never came here.
  void neverLaunched(TaskId task, NodeId node) {
    log.info("task.unknown task={}", task);
    var end = new Status.Ended(TaskEnd.of(TaskEnd.Reason.KILLED, "it was never launched"));
    guarded(() -> listener.taskSeen(new TaskObservation(task, node, Instant.now(), end)));
  }

  void usage(List<UsageSample> samples) {
    guarded(() -> listener.usage(samples));
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException fault) {
      log.error("engine.listener.failed", fault);
    }
  }
}
