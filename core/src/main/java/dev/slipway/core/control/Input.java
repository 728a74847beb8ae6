package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.volume.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;

/// What the control loop is told: wishes of clients, sights of engines and probes, and times that
/// came.
public sealed interface Input {

  /// A client's wish. A wish with `force` takes apps away from deployments that hold them.
  sealed interface Command extends Input {}

  /// What to expect of the apps that a change names.
  enum Expectation {
    /// None of them exists.
    ABSENT,
    /// All of them exist.
    PRESENT,
    ANY
  }

  record ChangeApps(List<AppChange> changes, Expectation expectation, boolean force)
      implements Command {}

  /// Makes an earlier version of an app the newest again.
  record RestoreVersion(PathId app, Instant version, boolean force) implements Command {}

  record RestartApp(PathId app, boolean force) implements Command {}

  record RemoveApp(PathId app, boolean force) implements Command {}

  record ChangeGroup(GroupChange change, Expectation expectation, boolean force)
      implements Command {}

  record RemoveGroup(PathId group, boolean force) implements Command {}

  /// Ends instances; with `scale` their apps want that many fewer, otherwise others take their
  /// place. With `wipe` their volumes are deleted, too. Instances that do not exist are passed
  /// over.
  record KillInstances(List<InstanceId> instances, boolean scale, boolean force, boolean wipe)
      implements Command {
    public KillInstances(List<InstanceId> instances, boolean scale, boolean force) {
      this(instances, scale, force, false);
    }
  }

  /// Deletes a volume that no instance has, with all that it holds.
  record DeleteVolume(VolumeId volume) implements Command {}

  /// Gives a deployment up; without `force` what it changed is changed back.
  record CancelDeployment(DeploymentId deployment, boolean force) implements Command {}

  /// Lets an app launch again without delay.
  record ClearBackoff(PathId app) implements Command {}

  record DrainNode(NodeId node, boolean draining) implements Command {}

  /// Gives up a machine that is gone for good: what was there is over. Only a node that nothing is
  /// heard of can be given up.
  record ForgetNode(NodeId node) implements Command {}

  /// The first input of a server: it writes from now on.
  ///
  /// @param platform the identity to take if the journal has none
  record TakeLeadership(Epoch epoch, String platform) implements Input {}

  record EngineSeen(EnginePicture picture) implements Input {}

  record NodeSeen(Node node) implements Input {}

  record NodeSilent(NodeId node, String reason) implements Input {}

  record TaskSeen(TaskObservation observation) implements Input {}

  /// The health checks of an instance began to say something else.
  record HealthSeen(InstanceId instance, boolean healthy) implements Input {}

  /// The health checks of an instance failed so often that it is to be ended.
  record UnhealthySeen(InstanceId instance, String cause) implements Input {}

  /// A volume that was to be destroyed does not exist any more.
  record VolumeDestroyed(PathId app, VolumeId volume) implements Input {}

  /// The time has come for which these apps asked.
  record Due(SortedSet<PathId> apps) implements Input {}
}
