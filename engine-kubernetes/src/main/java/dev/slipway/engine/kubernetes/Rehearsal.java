package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A look at the whole cluster as a start takes it, with sights of its own that are thrown away:
/// it loads what a start needs and opens its connections. Nothing is ordered.
final class Rehearsal {
  /// Whoever has it rehearsed looks after other things as well.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Rehearsal() {}

  /// @throws KubernetesRefusal when the cluster does not answer
  static Optional<EnginePicture> of(Connection connection, KubernetesSettings settings) {
    Set<NodeId> silent = ConcurrentHashMap.newKeySet();
    var tasks = new TaskBook(silent::contains, (known, end) -> {}, task -> {});
    var others =
        new OtherPods(connection.namespace(), new Quantities(settings.offer().gpuResource()));
    var board = new NodeBoard(new NodeReading(settings), others, settings.limits());
    try (var sights = new ClusterSights(connection, board, others, tasks, silent)) {
      return sights.start(new Deaf(), PATIENCE);
    }
  }

  private static final class Deaf implements EngineListener {
    @Override
    public void picture(EnginePicture picture) {}

    @Override
    public void nodeSeen(Node node) {}

    @Override
    public void nodeSilent(NodeId node, String reason) {}

    @Override
    public void nodeGone(NodeId node, String reason) {}

    @Override
    public void taskSeen(TaskObservation observation) {}

    @Override
    public void usage(List<UsageSample> samples) {}
  }
}
