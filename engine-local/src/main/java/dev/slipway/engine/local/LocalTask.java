package dev.slipway.engine.local;

import dev.slipway.core.app.Sorted;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the engine knows of one task. Phases only go forward:
/// ```
/// Staging -> Starting -> Running -> Finishing -> Ended
///    |           |                                 ^
///    +-----------+---------------------------------+   (never started)
/// ```
/// Each step is taken under the task's lock by whoever gets there first; work is done outside of
/// it.
final class LocalTask {
  sealed interface Phase {
    /// Waiting for its turn, being fetched.
    record Staging() implements Phase {}

    /// A supervisor is on its way; this cannot be interrupted any more.
    record Starting() implements Phase {}

    record Running(
        TaskLaunch launch,
        ProcessIdentity supervisor,
        RunRecord run,
        TaskProcesses processes,
        OutputRotation output)
        implements Phase {}

    /// The program is gone; what it left is being ended.
    record Finishing() implements Phase {}

    record Ended(EndRecord end) implements Phase {}
  }

  private final TaskId id;
  private final NodeId node;
  private final TaskDirectory directory;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Phase phase;
  private volatile Optional<KillOrder> order;
  private volatile Optional<SortedMap<String, SecretValue>> secrets = Optional.empty();
  private @Nullable Thread worker;

  LocalTask(
      TaskId id, NodeId node, TaskDirectory directory, Phase phase, Optional<KillOrder> order) {
    this.id = id;
    this.node = node;
    this.directory = directory;
    this.phase = phase;
    this.order = order;
    if (phase instanceof Phase.Ended) {
      ended.countDown();
    }
  }

  TaskId id() {
    return id;
  }

  NodeId node() {
    return node;
  }

  TaskDirectory directory() {
    return directory;
  }

  /// The lock that a launch holds until its order is on the disk.
  ReentrantLock lock() {
    return lock;
  }

  /// Waits until the order to run it is on the disk.
  LocalTask kept() {
    lock.lock();
    try {
      return this;
    } finally {
      lock.unlock();
    }
  }

  Phase phase() {
    return phase;
  }

  Optional<KillOrder> order() {
    return order;
  }

  Optional<Phase.Running> running() {
    return phase instanceof Phase.Running running ? Optional.of(running) : Optional.empty();
  }

  Optional<EndRecord> end() {
    return phase instanceof Phase.Ended(EndRecord end) ? Optional.of(end) : Optional.empty();
  }

  /// Whether its program is gone, so that no order can be the cause of its end any more.
  boolean isOver() {
    return phase instanceof Phase.Finishing || phase instanceof Phase.Ended;
  }

  Status status() {
    return switch (phase) {
      case Phase.Staging staging -> new Status.Staging();
      case Phase.Starting starting -> new Status.Staging();
      case Phase.Running running -> new Status.Running();
      case Phase.Finishing finishing -> new Status.Running();
      case Phase.Ended(EndRecord end) -> new Status.Ended(end.end());
    };
  }

  /// Whose interruption cancels the staging.
  void workedOnBy(Thread thread) {
    lock.lock();
    try {
      worker = thread;
    } finally {
      lock.unlock();
    }
  }

  /// Goes on to a supervisor, unless the task is to end.
  boolean beginStart() {
    lock.lock();
    try {
      if (order.isPresent() || !(phase instanceof Phase.Staging)) {
        return false;
      }
      phase = new Phase.Starting();
      worker = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void runs(Phase.Running running) {
    lock.lock();
    try {
      phase = running;
    } finally {
      lock.unlock();
    }
  }

  /// Takes a running task for finishing; only one caller gets it.
  Optional<Phase.Running> beginFinish() {
    lock.lock();
    try {
      Optional<Phase.Running> running = running();
      running.ifPresent(taken -> phase = new Phase.Finishing());
      return running;
    } finally {
      lock.unlock();
    }
  }

  void ends(EndRecord end) {
    lock.lock();
    try {
      phase = new Phase.Ended(end);
      secrets = Optional.empty();
      worker = null;
    } finally {
      lock.unlock();
    }
    ended.countDown();
  }

  /// Keeps an order to end it on the disk, and interrupts the staging, if that is where the task
  /// is. Of several orders the first one's cause stays, and the shortest grace holds.
  ///
  /// @return what is to be carried out; nothing when the task is over or an earlier order is as
  /// soon
  Optional<KillOrder> orderedToEnd(KillOrder given) throws IOException {
    lock.lock();
    try {
      Instant now = Instant.now();
      boolean sooner =
          order.map(known -> given.remaining(now).compareTo(known.remaining(now)) < 0).orElse(true);
      if (isOver() || !sooner) {
        return Optional.empty();
      }
      KillOrder kept =
          order
              .map(known -> new KillOrder(known.reason(), known.message(), now, given.grace()))
              .orElse(given);
      directory.writeKill(kept);
      order = Optional.of(kept);
      if (phase instanceof Phase.Staging && worker != null) {
        worker.interrupt();
      }
      return order;
    } finally {
      lock.unlock();
    }
  }

  /// Its variables that hold secrets, as far as they were read since the platform started.
  Optional<SortedMap<String, SecretValue>> secrets() {
    return secrets;
  }

  void secretsAre(SortedMap<String, SecretValue> variables) {
    secrets = Optional.of(Sorted.copyOf(variables));
  }

  /// As {@link #secretsAre} of a task that was found running; what comes after its end is not kept.
  void secretsFound(SortedMap<String, SecretValue> variables) {
    lock.lock();
    try {
      if (phase instanceof Phase.Running) {
        secretsAre(variables);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the end.
  ///
  /// @return whether the task ended in time
  boolean awaitEnd(Duration time) throws InterruptedException {
    return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
