package dev.slipway.server.probe;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Does something when a time is over, unless closed before. A read timeout alone starts anew with
/// every byte, so a server that drips would never be late.
final class Deadline implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final AtomicBoolean passed = new AtomicBoolean();
  private final ScheduledFuture<?> alarm;

  private Deadline(Duration time, Runnable what) {
    alarm =
        TIMER.schedule(
            () -> {
              passed.set(true);
              Thread.startVirtualThread(what);
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  static Deadline after(Duration time, Runnable what) {
    return new Deadline(time, what);
  }

  boolean passed() {
    return passed.get();
  }

  @Override
  public void close() {
    alarm.cancel(false);
  }

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("probe-deadlines").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
