package dev.slipway.bench;

import java.time.Duration;

/// Looks again and again until something is so.
public final class Wait {
  /// Often enough for figures of some hundred milliseconds, seldom enough not to change them.
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Wait() {}

  /// Something that may be so.
  public interface Condition {
    boolean holds() throws InterruptedException;
  }

  /// @param what for the message, should it not be so in time
  public static void until(String what, Duration deadline, Condition condition)
      throws InterruptedException {
    if (!patiently(deadline, condition)) {
      throw new IllegalStateException(
          "waited " + deadline.toSeconds() + " s in vain until " + what);
    }
  }

  /// @return whether it was so in time
  public static boolean patiently(Duration deadline, Condition condition)
      throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(PAUSE);
    }
    return true;
  }
}
