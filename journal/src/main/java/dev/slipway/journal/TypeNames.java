package dev.slipway.journal;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.HealthCheck.Probe;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.Volume;
import dev.slipway.core.state.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What the cases of core's sealed types are called in the journal. The names are written into
/// files that outlive any build, so a Java class may be renamed and its name here may not: a test
/// pins them.
final class TypeNames {

  static final Family<Event> EVENTS =
      new Family<>(Event.class)
          .with("platform-created", Event.PlatformCreated.class)
          .with("leadership-taken", Event.LeadershipTaken.class)
          .with("root-changed", Event.RootChanged.class)
          .with("deployment-started", Event.DeploymentStarted.class)
          .with("step-started", Event.StepStarted.class)
          .with("step-completed", Event.StepCompleted.class)
          .with("deployment-ended", Event.DeploymentEnded.class)
          .with("deployment-queued", Event.DeploymentQueued.class)
          .with("actions-held", Event.ActionsHeld.class)
          .with("action-released", Event.ActionReleased.class)
          .with("deployment-progressed", Event.DeploymentProgressed.class)
          .with("deployment-failed", Event.DeploymentFailed.class)
          .with("deployment-resumed", Event.DeploymentResumed.class)
          .with("app-forgotten", Event.AppForgotten.class)
          .with("instance-scheduled", Event.InstanceScheduled.class)
          .with("instance-placed", Event.InstancePlaced.class)
          .with("instance-progressed", Event.InstanceProgressed.class)
          .with("instance-addresses-changed", Event.InstanceAddressesChanged.class)
          .with("instance-health-changed", Event.InstanceHealthChanged.class)
          .with("instance-became-ready", Event.InstanceBecameReady.class)
          .with("kill-ordered", Event.KillOrdered.class)
          .with("room-nominated", Event.RoomNominated.class)
          .with("nomination-ended", Event.NominationEnded.class)
          .with("instance-ended", Event.InstanceEnded.class)
          .with("backoff-set", Event.BackoffSet.class)
          .with("backoff-cleared", Event.BackoffCleared.class)
          .with("node-seen", Event.NodeSeen.class)
          .with("node-silent", Event.NodeSilent.class)
          .with("node-draining", Event.NodeDraining.class)
          .with("node-withdrawn", Event.NodeWithdrawn.class)
          .with("volume-created", Event.VolumeCreated.class)
          .with("volume-deletion-ordered", Event.VolumeDeletionOrdered.class)
          .with("volume-deleted", Event.VolumeDeleted.class)
          .with("node-forgotten", Event.NodeForgotten.class)
          .with("placement-policy-set", Event.PlacementPolicySet.class)
          .with("node-pressure-changed", Event.NodePressureChanged.class)
          .with("rebalancing-planned", Event.RebalancingPlanned.class)
          .with("instance-move-ordered", Event.InstanceMoveOrdered.class)
          .with("instance-move-begun", Event.InstanceMoveBegun.class)
          .with("instance-move-ended", Event.InstanceMoveEnded.class)
          .with("rebalancing-stopped", Event.RebalancingStopped.class)
          .with("rebalancing-ended", Event.RebalancingEnded.class)
          .with("evictions-paused", Event.EvictionsPaused.class)
          .with("evictions-resumed", Event.EvictionsResumed.class);

  static final Family<Command> COMMANDS =
      new Family<>(Command.class)
          .with("shell", Command.Shell.class)
          .with("arguments", Command.Arguments.class)
          .with("image-default", Command.ImageDefault.class);

  static final Family<Probe> PROBES =
      new Family<>(Probe.class)
          .with("http", Probe.Http.class)
          .with("tcp", Probe.Tcp.class)
          .with("exec", Probe.Exec.class);

  static final Family<Volume> VOLUMES =
      new Family<>(Volume.class)
          .with("host", Volume.Host.class)
          .with("persistent", Volume.Persistent.class)
          .with("external", Volume.External.class)
          .with("secret-file", Volume.SecretFile.class);

  static final Family<UnreachableStrategy> UNREACHABLE_STRATEGIES =
      new Family<>(UnreachableStrategy.class)
          .with("disabled", UnreachableStrategy.Disabled.class)
          .with("replaced", UnreachableStrategy.Replaced.class);

  static final Family<ResourceLimits.Limit> LIMITS =
      new Family<>(ResourceLimits.Limit.class)
          .with("unlimited", ResourceLimits.Limit.Unlimited.class)
          .with("at-most", ResourceLimits.Limit.AtMost.class);

  /// All of them; those after the events are written within other values.
  static final List<Family<?>> ALL =
      List.of(EVENTS, COMMANDS, PROBES, VOLUMES, UNREACHABLE_STRATEGIES, LIMITS);

  private TypeNames() {}

  /// A sealed type and its cases, in the order of the table.
  static final class Family<T> {
    private final Class<T> root;
    private final SequencedMap<String, Class<? extends T>> types = new LinkedHashMap<>();
    private final Map<Class<?>, String> names = new LinkedHashMap<>();

    private Family(Class<T> root) {
      this.root = root;
    }

    private Family<T> with(String name, Class<? extends T> type) {
      types.put(name, type);
      names.put(type, name);
      return this;
    }

    Class<T> root() {
      return root;
    }

    SequencedMap<String, Class<? extends T>> types() {
      return types;
    }

    Optional<Class<? extends T>> type(String name) {
      return Optional.ofNullable(types.get(name));
    }

    String name(T value) {
      String name = names.get(value.getClass());
      if (name == null) {
        throw new IllegalStateException(value.getClass() + " has no name in the journal");
      }
      return name;
    }
  }
}
