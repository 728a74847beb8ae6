package dev.slipway.core.state;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import java.time.Instant;

/// The failures of one generation of an app: how many, and the last one.
public record Failures(Instant generation, int count, Failure last) {

  /// How an instance failed.
  public record Failure(
      InstanceId instance, NodeId node, Instant version, TaskEnd end, Instant at) {}

  Failures plus(Instant failedGeneration, Failure failure) {
    boolean same = generation.equals(failedGeneration);
    return new Failures(failedGeneration, same ? count + 1 : 1, failure);
  }
}
