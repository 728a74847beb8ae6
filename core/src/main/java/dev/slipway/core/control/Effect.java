package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;

/// What is to be done once the decision is durable. Doing it twice is as good as once.
public sealed interface Effect {
  record Launch(TaskLaunch launch) implements Effect {}

  record Kill(TaskId task, Duration grace, Epoch epoch) implements Effect {}

  /// Destroys a volume that no task uses, with all that it holds. What comes of it is told by
  /// {@link Input.VolumeDestroyed}.
  record DestroyVolume(NodeId node, PathId app, VolumeId volume, Epoch epoch) implements Effect {}

  /// A task runs that nothing recorded speaks of, or not on that node. It is told and left alone:
  /// not to be known is no reason to be ended.
  ///
  /// @param node where it was seen
  record ReportStray(TaskId task, NodeId node) implements Effect {}
}
