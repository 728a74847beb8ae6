package dev.slipway.server.control;

import java.time.Duration;

/// The right to act for the platform: to record, and to order tasks. A leader that has a lease
/// holds it until a moment of its own monotonic clock, which each renewal of the lease puts off;
/// whoever acts asks at the moment of acting. No thread has to run for it to end, so that a server
/// that was paused or hangs on its database finds it ended when it goes on.
///
/// Any thread may call.
public final class Mandate {
  private final boolean bounded;
  private volatile boolean over;
  private volatile long end;

  private Mandate(boolean bounded, long end) {
    this.bounded = bounded;
    this.end = end;
  }

  /// One that no other server can contest.
  public static Mandate unbounded() {
    return new Mandate(false, 0);
  }

  /// One until then.
  ///
  /// @param nanos a moment as `System.nanoTime()` gives it
  public static Mandate until(long nanos) {
    return new Mandate(true, nanos);
  }

  /// Whether the holder may act now.
  public boolean holds() {
    return !over && (!bounded || end - System.nanoTime() > 0);
  }

  /// For how long the holder may still act; zero when it may not.
  public Duration left() {
    if (over) {
      return Duration.ZERO;
    }
    return bounded ? Duration.ofNanos(Math.max(0, end - System.nanoTime())) : Duration.ofDays(1);
  }

  /// Puts the end off to then. One that was given up stays so.
  public synchronized void extend(long nanos) {
    if (nanos - end > 0) {
      end = nanos;
    }
  }

  /// Gives it up, for good.
  public void giveUp() {
    over = true;
  }
}
