package dev.slipway.core.engine;

import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import java.time.Instant;

/// What an engine saw of one task; the latest one holds. Observations may come late, twice or out
/// of order; a task that was seen to end never comes back.
public record TaskObservation(TaskId task, NodeId node, Instant at, Status status) {
  public sealed interface Status {
    /// Accepted; artifacts are being fetched.
    record Staging() implements Status {}

    /// The process runs.
    record Running() implements Status {}

    /// The process is gone, with all its descendants.
    record Ended(TaskEnd end) implements Status {}
  }
}
