package dev.slipway.server.control;

import java.time.Duration;

/// How threads that run until they are told to stop are ended.
public final class Threads {
  private Threads() {}

  /// Interrupts a thread and waits for its end, but no longer than `patience`. One that was not
  /// started has ended.
  public static void end(Thread thread, Duration patience) {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
