package dev.slipway.core.engine;

import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import java.util.List;

/// Hears what an engine sees. Calls come from the engine's threads, may be concurrent, and return
/// quickly. The first call is `picture`.
public interface EngineListener {
  /// The full picture: after the start, and whenever the engine may have missed something.
  void picture(EnginePicture picture);

  /// A node appeared, came back or changed.
  void nodeSeen(Node node);

  /// Nothing is heard of a node any more. Its tasks may still run.
  void nodeSilent(NodeId node, String reason);

  /// A node does not exist any more, says who owns the machines: all tasks that were there are
  /// over.
  void nodeGone(NodeId node, String reason);

  void taskSeen(TaskObservation observation);

  void usage(List<UsageSample> samples);
}
