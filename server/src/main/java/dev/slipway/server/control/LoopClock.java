package dev.slipway.server.control;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The time by which decisions are made: the wall clock's when the server started, and from then on
/// the monotonic clock's, so that no jump of the wall clock makes anything come due.
public final class LoopClock {
  private final Instant origin = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final long start = System.nanoTime();

  public Instant now() {
    return origin.plusNanos(System.nanoTime() - start).truncatedTo(ChronoUnit.MILLIS);
  }
}
