package dev.slipway.engine.kubernetes;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Places for commands: so many in all, and few of them in one pod. Under dozens of commands that
/// start and end in one pod at once, containerd's shim was seen to hang until they all gave up,
/// for everybody who wanted to run something there.
final class ExecPlaces {
  static final int IN_ONE_POD = 8;

  private final Semaphore all;
  private final ConcurrentHashMap<String, Pod> pods = new ConcurrentHashMap<>();

  /// The places of one pod, kept while somebody has or wants one.
  private record Pod(Semaphore places, int users) {
    Pod changed(int by) {
      return new Pod(places, users + by);
    }
  }

  ExecPlaces(int all) {
    this.all = new Semaphore(all, true);
  }

  /// Waits for a place, but not beyond a time of [System#nanoTime].
  ///
  /// @return whether there was one; then it is given back with [#leave]
  boolean enter(String podName, long deadline) throws InterruptedException {
    Semaphore places = join(podName);
    boolean entered = false;
    try {
      if (places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        entered = all.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (!entered) {
          places.release();
        }
      }
      return entered;
    } finally {
      if (!entered) {
        part(podName);
      }
    }
  }

  void leave(String podName) {
    all.release();
    Pod pod = pods.get(podName);
    if (pod == null) {
      throw new IllegalStateException("nobody has a place in pod " + podName);
    }
    pod.places().release();
    part(podName);
  }

  private Semaphore join(String podName) {
    return pods.compute(
            podName,
            (name, pod) ->
                pod == null ? new Pod(new Semaphore(IN_ONE_POD, true), 1) : pod.changed(1))
        .places();
  }

  private void part(String podName) {
    pods.computeIfPresent(podName, (name, pod) -> pod.users() == 1 ? null : pod.changed(-1));
  }
}
