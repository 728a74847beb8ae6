package dev.slipway.example.crawler.queue;

import java.time.Duration;

/// A message in the hands of a worker.
///
/// @param body the text
/// @param receipt what SQS knows this receipt by
/// @param attempt how often the message was received, this time included: 1 or more
/// @param hiddenUntil when others may get it, in the time of [System#nanoTime()]
public record Received(String body, String receipt, int attempt, long hiddenUntil) {
  /// How long the message is still ours alone; negative if somebody else may have it.
  public Duration remaining() {
    return Duration.ofNanos(hiddenUntil - System.nanoTime());
  }
}
