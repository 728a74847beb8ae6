package dev.slipway.engine.local;

import dev.slipway.core.engine.TaskEnd;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// That a task is to end: why, and when force is used. Kept in its directory, so that a kill goes
/// on after a restart of the platform.
///
/// @param grace the time between SIGTERM and SIGKILL; after a restart the rest of it by the wall
/// clock, but
///     never more than the whole
record KillOrder(TaskEnd.Reason reason, String message, Instant ordered, Duration grace) {
  RecordFile.Content encode() {
    return new RecordFile.Lines()
        .add("reason", reason)
        .add("message", message)
        .add("ordered", ordered)
        .add("grace", grace)
        .content();
  }

  static KillOrder decode(RecordFile.Content content) throws IOException {
    try {
      return new KillOrder(
          TaskEnd.Reason.valueOf(content.required("reason")),
          content.required("message"),
          Instant.parse(content.required("ordered")),
          Duration.parse(content.required("grace")));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException("the kill record makes no sense: " + e.getMessage(), e);
    }
  }

  /// What is left of the grace.
  Duration remaining(Instant now) {
    Duration left = Duration.between(now, ordered.plus(grace));
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    if (left.compareTo(grace) > 0) {
      return grace;
    }
    return left;
  }
}
