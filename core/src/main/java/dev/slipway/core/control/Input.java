package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.placement.PlacementPolicy;
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

  /// On which terms a wish is meant.
  ///
  /// @param force takes apps away from deployments that hold them, and does not wait for apps of
  ///     other deployments to be ready
  /// @param queue waits for deployments that hold its apps instead of being refused, unless forced
  /// @param allowUnknownDependencies dependencies that nothing answers to are passed over, as
  ///     Marathon does, instead of being refused
  record Terms(boolean force, boolean queue, boolean allowUnknownDependencies) {
    public static final Terms PLAIN = new Terms(false, false, false);

    public static Terms forced(boolean force) {
      return new Terms(force, false, false);
    }
  }

  /// A wish that becomes one deployment.
  sealed interface Planned extends Command {
    Terms terms();
  }

  record ChangeApps(List<AppChange> changes, Expectation expectation, Terms terms)
      implements Planned {
    public ChangeApps(List<AppChange> changes, Expectation expectation, boolean force) {
      this(changes, expectation, Terms.forced(force));
    }
  }

  /// Makes an earlier version of an app the newest again.
  record RestoreVersion(PathId app, Instant version, Terms terms) implements Planned {
    public RestoreVersion(PathId app, Instant version, boolean force) {
      this(app, version, Terms.forced(force));
    }
  }

  record RestartApp(PathId app, Terms terms) implements Planned {
    public RestartApp(PathId app, boolean force) {
      this(app, Terms.forced(force));
    }
  }

  record RemoveApp(PathId app, Terms terms) implements Planned {
    public RemoveApp(PathId app, boolean force) {
      this(app, Terms.forced(force));
    }
  }

  record ChangeGroup(GroupChange change, Expectation expectation, Terms terms) implements Planned {
    public ChangeGroup(GroupChange change, Expectation expectation, boolean force) {
      this(change, expectation, Terms.forced(force));
    }
  }

  /// Makes a group, with all that it holds, what it was at a version of the root that is kept.
  record RestoreGroup(PathId group, Instant version, Terms terms) implements Planned {}

  record RemoveGroup(PathId group, Terms terms) implements Planned {
    public RemoveGroup(PathId group, boolean force) {
      this(group, Terms.forced(force));
    }
  }

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

  /// Gives a deployment up; without `force` what it changed is changed back. One that waits for
  /// others to end just does not begin.
  record CancelDeployment(DeploymentId deployment, boolean force) implements Command {}

  /// Lets a deployment go on that has failed and is paused; its deadlines count anew.
  record ResumeDeployment(DeploymentId deployment) implements Command {}

  /// Lets an app launch again without delay.
  record ClearBackoff(PathId app) implements Command {}

  record DrainNode(NodeId node, boolean draining) implements Command {}

  /// Gives up a machine that is gone for good: what was there is over. Only a node that nothing is
  /// heard of can be given up.
  record ForgetNode(NodeId node) implements Command {}

  /// Instances on silent nodes are replaced and given up again, though many nodes went silent at
  /// once.
  record ResumeEvictions() implements Command {}

  /// Decides how the platform deals with its nodes.
  record SetPlacementPolicy(PolicyRevision revision) implements Command {
    /// The policy as it is to be, whatever it is now.
    public static SetPlacementPolicy to(PlacementPolicy policy) {
      return new SetPlacementPolicy(current -> new PolicyRevision.Result.Revised(policy));
    }
  }

  /// Moves running instances together, and to where their rules want them, as far as it pays.
  record Rebalance() implements Command {}

  /// Begins no further move; those that are under way end.
  record StopRebalancing() implements Command {}

  /// The first input of a server: it writes from now on.
  ///
  /// @param platform the identity to take if the journal has none
  record TakeLeadership(Epoch epoch, String platform) implements Input {}

  record EngineSeen(EnginePicture picture) implements Input {}

  record NodeSeen(Node node) implements Input {}

  record NodeSilent(NodeId node, String reason) implements Input {}

  /// A node does not exist any more, nor does any task that was there.
  record NodeGone(NodeId node, String reason) implements Input {}

  /// The tasks of a node were measured to press on each other as much as this.
  record NodePressureSeen(NodeId node, Pressure pressure) implements Input {}

  record TaskSeen(TaskObservation observation) implements Input {}

  /// The health checks of an instance began to say something else.
  record HealthSeen(InstanceId instance, boolean healthy) implements Input {}

  /// The health checks of an instance failed so often that it is to be ended.
  record UnhealthySeen(InstanceId instance, String cause) implements Input {}

  /// The readiness check of an instance said that it is ready.
  record ReadySeen(InstanceId instance) implements Input {}

  /// A volume that was to be destroyed does not exist any more.
  record VolumeDestroyed(PathId app, VolumeId volume) implements Input {}

  /// The time has come for which these apps asked; the root stands for the platform itself.
  record Due(SortedSet<PathId> apps) implements Input {}
}
