package dev.slipway.cli;

import java.time.Duration;

/// Waits between two looks at the server.
public final class Pause {
  private Pause() {}

  public static void of(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Complaint.of(Exit.DETACHED, "Interrupted");
    }
  }
}
