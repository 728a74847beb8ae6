package dev.slipway.engine.local;

import dev.slipway.core.engine.TaskEnd;
import java.io.IOException;
import java.time.Instant;

/// How and when a task ended, as it is kept in its directory.
record EndRecord(TaskEnd end, Instant at) {
  RecordFile.Content encode() {
    return new RecordFile.Lines()
        .add("reason", end.reason())
        .addIfPresent("exitCode", end.exitCode())
        .addIfPresent("signal", end.signal())
        .add("message", end.message())
        .add("at", at)
        .content();
  }

  static EndRecord decode(RecordFile.Content content) throws IOException {
    try {
      return new EndRecord(
          new TaskEnd(
              TaskEnd.Reason.valueOf(content.required("reason")),
              content.first("exitCode").map(Integer::valueOf),
              content.first("signal").map(Integer::valueOf),
              content.required("message")),
          Instant.parse(content.required("at")));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException("the end record makes no sense: " + e.getMessage(), e);
    }
  }
}
