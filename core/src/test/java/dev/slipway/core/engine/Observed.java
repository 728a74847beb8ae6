package dev.slipway.core.engine;

import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// A listener that keeps what it hears, and waits for it.
public final class Observed implements EngineListener {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition heard = lock.newCondition();
  private final List<EnginePicture> pictures = new ArrayList<>();
  private final List<TaskObservation> observations = new ArrayList<>();
  private final List<UsageSample> samples = new ArrayList<>();

  @Override
  public void picture(EnginePicture picture) {
    hear(
        () -> {
          pictures.add(picture);
          observations.addAll(picture.tasks());
        });
  }

  @Override
  public void nodeSeen(Node node) {}

  @Override
  public void nodeSilent(NodeId node, String reason) {}

  @Override
  public void nodeGone(NodeId node, String reason) {}

  @Override
  public void taskSeen(TaskObservation observation) {
    hear(() -> observations.add(observation));
  }

  @Override
  public void usage(List<UsageSample> measured) {
    hear(() -> samples.addAll(measured));
  }

  private void hear(Runnable change) {
    lock.lock();
    try {
      change.run();
      heard.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public EnginePicture picture() throws InterruptedException {
    return await("the picture", () -> pictures.stream().findFirst());
  }

  public TaskEnd awaitEnd(TaskId task) throws InterruptedException {
    return await(
        "the end of " + task,
        () ->
            of(task).stream()
                .filter(Status.Ended.class::isInstance)
                .map(status -> ((Status.Ended) status).end())
                .findFirst());
  }

  public void awaitRunning(TaskId task) throws InterruptedException {
    await(
        task + " running",
        () -> of(task).stream().filter(s -> s instanceof Status.Running).findFirst());
  }

  public UsageSample awaitUsage(TaskId task, Predicate<UsageSample> wanted)
      throws InterruptedException {
    return await(
        "usage of " + task,
        () -> samples.stream().filter(s -> s.task().equals(task)).filter(wanted).findFirst());
  }

  public List<Status> statuses(TaskId task) {
    lock.lock();
    try {
      return of(task);
    } finally {
      lock.unlock();
    }
  }

  private List<Status> of(TaskId task) {
    return observations.stream()
        .filter(seen -> seen.task().equals(task))
        .map(TaskObservation::status)
        .toList();
  }

  private interface Look<T> {
    Optional<T> look();
  }

  private <T> T await(String what, Look<T> look) throws InterruptedException {
    lock.lock();
    try {
      long left = EngineHarness.DEADLINE.toNanos();
      Optional<T> found = look.look();
      while (found.isEmpty()) {
        if (left <= 0) {
          throw new AssertionError("not seen in time: " + what + "; seen: " + observations);
        }
        left = heard.awaitNanos(left);
        found = look.look();
      }
      return found.get();
    } finally {
      lock.unlock();
    }
  }
}
