package dev.slipway.core.engine;

import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that an engine knows at one moment. A task that is not in it did not exist on these nodes
/// when it was taken, but for the silent ones among them.
///
/// @param nodes all that there are, silent ones included where the engine knows them
/// @param silent those of the nodes that nothing is heard of, and why: what they run is not known,
///     so that a task which is not in the picture may still run there
/// @param complete whether these are all machines that exist, silent ones too: one that is not
///     among them was deleted, and its tasks are over
/// @param taken when the engine began to look, by the platform's clock: what was launched or seen
///     after that is not judged by it
public record EnginePicture(
    List<Node> nodes,
    SortedMap<NodeId, String> silent,
    List<TaskObservation> tasks,
    boolean complete,
    Instant taken) {
  public EnginePicture {
    nodes = List.copyOf(nodes);
    silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
    tasks = List.copyOf(tasks);
  }

  /// A picture of nodes that are all heard of.
  public EnginePicture(List<Node> nodes, List<TaskObservation> tasks, Instant taken) {
    this(nodes, new TreeMap<>(), tasks, false, taken);
  }

  /// The same by another clock: engines have the machine's, which may jump, and the platform
  /// decides by its own. One that nothing can have happened after stays so.
  ///
  /// @param began when the engine was asked to look, by the platform's clock
  public EnginePicture by(Instant began) {
    return taken.equals(Instant.MAX)
        ? this
        : new EnginePicture(nodes, silent, tasks, complete, began);
  }

  /// A picture that nothing can have happened after, since no order was given before it.
  public EnginePicture(List<Node> nodes, List<TaskObservation> tasks) {
    this(nodes, tasks, Instant.MAX);
  }
}
