package dev.slipway.example.crawler.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// When a worker last got somewhere: it heard from its queue, even if that was empty, or handled a
/// message.
///
/// A process that runs says nothing about that; a worker that heard nothing for [#LIMIT] is not
/// healthy.
public final class Progress {
  /// Longer than one page, with its limits of time, may take.
  static final Duration LIMIT = Duration.ofSeconds(15);

  private static final long NEVER = Long.MIN_VALUE;

  private final AtomicLong last = new AtomicLong(NEVER);

  public void mark() {
    last.set(System.nanoTime());
  }

  /// What a health check shall answer.
  public Health health() {
    long then = last.get();
    if (then == NEVER) {
      return new Health(false, "the queue has not answered yet");
    }
    Duration since = Duration.ofNanos(System.nanoTime() - then);
    if (since.compareTo(LIMIT) > 0) {
      return new Health(false, "no progress for " + since.toSeconds() + " s");
    }
    return new Health(true, "ok");
  }

  /// @param good whether the worker works
  /// @param reason why, for people
  public record Health(boolean good, String reason) {}
}
