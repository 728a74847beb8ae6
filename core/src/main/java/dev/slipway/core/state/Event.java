package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.deployment.Course;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.QueuedDeployment;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.rebalancing.Move;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/// Something that happened, as it is recorded. {@link Evolution} says what each changes.
public sealed interface Event {
  Instant at();

  /// The journal was empty and has an identity now.
  record PlatformCreated(String platform, Instant at) implements Event {}

  /// A server writes from now on.
  record LeadershipTaken(Epoch epoch, Instant at) implements Event {}

  /// Apps and groups that should exist were put in place or removed.
  record RootChanged(
      Instant version,
      List<App> apps,
      List<PathId> removedApps,
      List<GroupSpec> groups,
      List<PathId> removedGroups,
      Instant at)
      implements Event {
    public RootChanged {
      apps = List.copyOf(apps);
      removedApps = List.copyOf(removedApps);
      groups = List.copyOf(groups);
      removedGroups = List.copyOf(removedGroups);
    }
  }

  record DeploymentStarted(Deployment deployment, Instant at) implements Event {}

  /// @param step counted from 1
  record StepStarted(DeploymentId deployment, int step, Instant at) implements Event {}

  /// @param step counted from 1
  record StepCompleted(DeploymentId deployment, int step, Instant at) implements Event {}

  record DeploymentEnded(
      DeploymentId deployment, Deployment.Outcome outcome, String reason, Instant at)
      implements Event {}

  /// Changes wait until no deployment holds their apps. They end as deployments do, or start.
  record DeploymentQueued(QueuedDeployment queued, Instant at) implements Event {}

  /// Apps of the step that begins next wait until those are ready that they depend on.
  record ActionsHeld(DeploymentId deployment, SortedMap<PathId, SortedSet<PathId>> apps, Instant at)
      implements Event {
    public ActionsHeld {
      apps = Sorted.copyOf(apps);
    }
  }

  /// What an app waited for is ready.
  record ActionReleased(DeploymentId deployment, PathId app, Instant at) implements Event {}

  /// An app that has a progress deadline came further.
  record DeploymentProgressed(DeploymentId deployment, PathId app, Course.Mark mark)
      implements Event {
    @Override
    public Instant at() {
      return mark.at();
    }
  }

  /// An app of a deployment came no further for as long as it may.
  record DeploymentFailed(DeploymentId deployment, Course.Failure failure) implements Event {
    @Override
    public Instant at() {
      return failure.at();
    }
  }

  /// A deployment that had failed goes on by decision of a client.
  record DeploymentResumed(DeploymentId deployment, Instant at) implements Event {}

  /// An app that was removed has no instances left.
  record AppForgotten(PathId app, Instant at) implements Event {}

  record InstanceScheduled(InstanceId instance, Instant version, Instant generation, Instant at)
      implements Event {}

  /// @param version the app's version that it is launched with
  /// @param portCursor where the search for free ports goes on
  record InstancePlaced(
      InstanceId instance,
      Instant version,
      Instant generation,
      Instance.Place place,
      int portCursor,
      Instant at)
      implements Event {}

  /// A change within an instance's life that does not end it.
  record InstanceProgressed(InstanceId instance, Trigger trigger, Instant at) implements Event {}

  /// The task of an instance was given network addresses of its own, or others than it had.
  record InstanceAddressesChanged(InstanceId instance, List<String> addresses, Instant at)
      implements Event {
    public InstanceAddressesChanged {
      addresses = List.copyOf(addresses);
    }
  }

  record InstanceHealthChanged(InstanceId instance, boolean healthy, Instant at) implements Event {}

  /// The readiness check of an instance said that it is ready.
  record InstanceBecameReady(InstanceId instance, Instant at) implements Event {}

  /// An instance is to be ended; one that stands on no node is over at once.
  record KillOrdered(InstanceId instance, Instance.Kill kill) implements Event {
    @Override
    public Instant at() {
      return kill.at();
    }
  }

  /// Room is kept for an instance that waits, until what stands there has ended. It is over when
  /// the instance stands somewhere or is no more, and when its node takes no instances any more.
  record RoomNominated(InstanceId instance, Nomination nomination) implements Event {
    @Override
    public Instant at() {
      return nomination.at();
    }
  }

  /// Room is kept no longer for an instance that still waits.
  record NominationEnded(InstanceId instance, String reason, Instant at) implements Event {}

  record InstanceEnded(InstanceId instance, Trigger trigger, TaskEnd end, Instant at)
      implements Event {}

  record BackoffSet(PathId app, Backoff backoff, Instant at) implements Event {}

  record BackoffCleared(PathId app, Instant at) implements Event {}

  /// A node appeared, changed or is heard of again.
  record NodeSeen(Node node, Instant at) implements Event {}

  record NodeSilent(NodeId node, String reason, Instant at) implements Event {}

  record NodeDraining(NodeId node, boolean draining, Instant at) implements Event {}

  /// A node is not offered any more; it is to give up its instances.
  record NodeWithdrawn(NodeId node, Instant at) implements Event {}

  /// The tasks of a node were measured to press on each other more than before, or less.
  record NodePressureChanged(NodeId node, Pressure pressure, Instant at) implements Event {}

  /// So many nodes went silent at once that instances there are not replaced or given up.
  ///
  /// @param silent how many
  /// @param nodes of how many
  record EvictionsPaused(int silent, int nodes, Instant at) implements Event {}

  /// Instances on silent nodes are replaced and given up again.
  ///
  /// @param reason why, for people
  record EvictionsResumed(String reason, Instant at) implements Event {}

  /// A node is not offered any more and holds no instances.
  record NodeForgotten(NodeId node, Instant at) implements Event {}

  /// A volume was made for an instance that is about to be placed.
  record VolumeCreated(PersistentVolume volume, Instant at) implements Event {}

  /// A volume is to be deleted, with all that it holds, as soon as no instance has it.
  record VolumeDeletionOrdered(PathId app, VolumeId volume, Instant at) implements Event {}

  /// A volume does not exist any more.
  record VolumeDeleted(PathId app, VolumeId volume, Instant at) implements Event {}

  /// It was decided how the platform deals with its nodes.
  record PlacementPolicySet(PlacementPolicy policy, Instant at) implements Event {}

  /// Instances are to be moved: a rebalancing begins, or goes on with another plan.
  record RebalancingPlanned(boolean automatic, String summary, List<Move> moves, Instant at)
      implements Event {
    public RebalancingPlanned {
      moves = List.copyOf(moves);
    }
  }

  /// One of the planned moves begins: the instance leaves its node as soon as another is ready.
  record InstanceMoveOrdered(InstanceId instance, Instant at) implements Event {}

  /// What takes the place of an instance that is moved is about to be placed.
  record InstanceMoveBegun(InstanceId instance, InstanceId replacement, Instant at)
      implements Event {}

  /// @param done whether the instance stands elsewhere now
  /// @param reason why not; empty where it does
  record InstanceMoveEnded(InstanceId instance, boolean done, String reason, Instant at)
      implements Event {}

  /// No more instances are to be moved; the moves that are under way end.
  record RebalancingStopped(Instant at) implements Event {}

  record RebalancingEnded(String reason, Instant at) implements Event {}
}
