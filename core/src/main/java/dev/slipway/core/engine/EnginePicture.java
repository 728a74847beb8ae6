package dev.slipway.core.engine;

import dev.slipway.core.node.Node;
import java.time.Instant;
import java.util.List;

/// All that an engine knows at one moment. A task that is not in it did not exist on these nodes
/// when it was taken.
///
/// @param taken when the engine began to look, by the platform's clock: what was launched or seen
///     after that is not judged by it
public record EnginePicture(List<Node> nodes, List<TaskObservation> tasks, Instant taken) {
  public EnginePicture {
    nodes = List.copyOf(nodes);
    tasks = List.copyOf(tasks);
  }

  /// A picture that nothing can have happened after, since no order was given before it.
  public EnginePicture(List<Node> nodes, List<TaskObservation> tasks) {
    this(nodes, tasks, Instant.MAX);
  }
}
