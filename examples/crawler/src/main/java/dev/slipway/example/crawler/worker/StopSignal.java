package dev.slipway.example.crawler.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Says once and for all that a role shall end; every wait of a role is a wait for this.
public final class StopSignal {
  private final CountDownLatch given = new CountDownLatch(1);

  public void give() {
    given.countDown();
  }

  public boolean isGiven() {
    return given.getCount() == 0;
  }

  /// Waits for so long, less if the signal is given.
  ///
  /// @return whether the signal was given
  public boolean await(Duration wait) {
    try {
      return given.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      // To interrupt a worker is to stop it.
      given.countDown();
      return true;
    }
  }
}
