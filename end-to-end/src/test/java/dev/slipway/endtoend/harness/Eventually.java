package dev.slipway.endtoend.harness;

import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.core.ThrowingRunnable;

/// Waits for what has to come about. The deadline is generous, since it only matters when a test
/// fails: a busy machine must not make it.
public final class Eventually {
  public static final Duration DEADLINE =
      Duration.ofSeconds(Integer.getInteger("slipway.deadline", 150));
  private static final Duration LOOK = Duration.ofMillis(30);

  private Eventually() {}

  /// Waits until it is so.
  public static void so(String what, Callable<Boolean> condition) {
    await(what).atMost(DEADLINE).pollDelay(Duration.ZERO).pollInterval(LOOK).until(condition);
  }

  /// Waits until the assertions hold.
  public static void holds(String what, ThrowingRunnable assertions) {
    await(what)
        .atMost(DEADLINE)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .untilAsserted(assertions);
  }

  /// Waits until it is so, while the server may be away.
  public static void soDespiteSilence(String what, Callable<Boolean> condition) {
    await(what)
        .atMost(DEADLINE)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .ignoreException(UncheckedIOException.class)
        .until(condition);
  }
}
