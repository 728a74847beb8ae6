package dev.slipway.core.engine;

import dev.slipway.core.node.Node;
import java.util.List;

/// All that an engine knows at one moment. A task that is not in it does not exist on these nodes.
public record EnginePicture(List<Node> nodes, List<TaskObservation> tasks) {
  public EnginePicture {
    nodes = List.copyOf(nodes);
    tasks = List.copyOf(tasks);
  }
}
