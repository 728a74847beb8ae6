package dev.slipway.server.marathon.event;

import dev.slipway.core.app.App;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.instance.Lifecycle;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import dev.slipway.server.control.Transition;
import dev.slipway.server.marathon.json.DeploymentJson.PlanJson;
import dev.slipway.server.marathon.json.DeploymentJson.StepJson;
import dev.slipway.server.marathon.json.HealthCheckJson;
import dev.slipway.server.marathon.json.TaskJson;
import dev.slipway.server.marathon.json.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What Marathon's clients are told of each durable event. Pure.
///
/// The order is Marathon's: `group_change_success` once the change is stored and the plan accepted;
/// then for each step `deployment_info` and `deployment_step_success` or `deployment_step_failure`;
/// at last `deployment_success` or `deployment_failed`. For an instance, `status_update_event`
/// comes before `instance_changed_event` (`InstanceChangedEventsGenerator`).
public final class EventMapping {
  private EventMapping() {}

  public static List<MarathonEvent> of(Transition transition) {
    State before = transition.before();
    State after = transition.after();
    return switch (transition.event()) {
      case Event.DeploymentStarted event -> deploymentStarted(event);
      case Event.StepStarted event ->
          step("deployment_info", after, event.deployment(), event.at());
      case Event.StepCompleted event ->
          step("deployment_step_success", after, event.deployment(), event.at());
      case Event.DeploymentEnded event -> deploymentEnded(before, event);
      case Event.AppForgotten event ->
          List.of(MarathonEvent.ofApp("app_terminated_event", event.app(), event.at()));
      case Event.InstanceScheduled event ->
          changed(after, after.instance(event.instance()), event.at());
      case Event.InstancePlaced event ->
          changed(after, after.instance(event.instance()), event.at());
      case Event.InstanceProgressed event -> progressed(before, after, event);
      case Event.KillOrdered event -> killOrdered(before, after, event);
      case Event.InstanceEnded event -> ended(before, event);
      case Event.InstanceHealthChanged event -> healthChanged(after, event);
      // What these change has no event in Marathon; changes of the root are told with the
      // deployment.
      case Event.RootChanged event -> List.of();
      case Event.PlatformCreated event -> List.of();
      case Event.LeadershipTaken event -> List.of();
      case Event.DeploymentQueued event -> List.of();
      case Event.ActionsHeld event -> List.of();
      case Event.ActionReleased event -> List.of();
      case Event.DeploymentProgressed event -> List.of();
      // It is told when it is over: one that goes on, or is paused, is not.
      case Event.DeploymentFailed event -> List.of();
      case Event.DeploymentResumed event -> List.of();
      // Marathon's clients are told where a task is when it runs; then it is known already.
      case Event.InstanceAddressesChanged event -> List.of();
      case Event.InstanceBecameReady event -> List.of();
      case Event.BackoffSet event -> List.of();
      case Event.BackoffCleared event -> List.of();
      case Event.NodeSeen event -> List.of();
      case Event.NodeSilent event -> List.of();
      case Event.NodeDraining event -> List.of();
      case Event.NodePressureChanged event -> List.of();
      case Event.NodeWithdrawn event -> List.of();
      case Event.RoomNominated event -> List.of();
      case Event.NominationEnded event -> List.of();
      case Event.VolumeCreated event -> List.of();
      case Event.VolumeDeletionOrdered event -> List.of();
      case Event.VolumeDeleted event -> List.of();
      case Event.PlacementPolicySet event -> List.of();
      case Event.RebalancingPlanned event -> List.of();
      case Event.InstanceMoveOrdered event -> List.of();
      case Event.InstanceMoveBegun event -> List.of();
      case Event.InstanceMoveEnded event -> List.of();
      case Event.RebalancingStopped event -> List.of();
      case Event.RebalancingEnded event -> List.of();
      case Event.EvictionsPaused event -> List.of();
      case Event.EvictionsResumed event -> List.of();
      case Event.NodeForgotten event -> List.of();
    };
  }

  private static List<MarathonEvent> deploymentStarted(Event.DeploymentStarted event) {
    Deployment deployment = event.deployment();
    List<MarathonEvent> events = new ArrayList<>();
    events.add(
        MarathonEvent.of("group_change_success", event.at())
            .with("groupId", changedGroup(deployment).toString())
            .with("version", Timestamps.format(deployment.version())));
    for (Change<App> change : deployment.apps().values()) {
      healthChecks(change, event.at(), events);
    }
    return events;
  }

  /// The group that holds all that changes; for one app the group that it lies in.
  private static PathId changedGroup(Deployment deployment) {
    Optional<PathId> common = Optional.empty();
    for (PathId app : deployment.apps().keySet()) {
      common = Optional.of(common(common, app.parent()));
    }
    for (PathId group : deployment.groups().keySet()) {
      common = Optional.of(common(common, group));
    }
    return common.orElse(PathId.ROOT);
  }

  private static PathId common(Optional<PathId> known, PathId other) {
    if (known.isEmpty()) {
      return other;
    }
    PathId group = known.get();
    while (!other.isWithin(group)) {
      group = group.parent();
    }
    return group;
  }

  private static void healthChecks(Change<App> change, Instant at, List<MarathonEvent> events) {
    List<HealthCheck> before =
        change.before().map(app -> app.spec().healthChecks()).orElse(List.of());
    List<HealthCheck> after =
        change.after().map(app -> app.spec().healthChecks()).orElse(List.of());
    PathId app = change.after().or(change::before).orElseThrow().id();
    for (HealthCheck check : before) {
      if (!after.contains(check)) {
        events.add(
            MarathonEvent.ofApp("remove_health_check_event", app, at)
                .with("healthCheck", HealthCheckJson.fromCore(check)));
      }
    }
    for (HealthCheck check : after) {
      if (!before.contains(check)) {
        events.add(
            MarathonEvent.ofApp("add_health_check_event", app, at)
                .with("version", Timestamps.format(change.after().orElseThrow().version()))
                .with("healthCheck", HealthCheckJson.fromCore(check)));
      }
    }
  }

  private static List<MarathonEvent> step(String type, State state, DeploymentId id, Instant at) {
    return state.deployment(id).stream()
        .map(
            deployment ->
                planned(MarathonEvent.of(type, at), deployment)
                    .with("currentStep", StepJson.current(deployment)))
        .toList();
  }

  private static List<MarathonEvent> deploymentEnded(State before, Event.DeploymentEnded event) {
    return before.deployment(event.deployment()).stream()
        .flatMap(deployment -> ended(deployment, event).stream())
        .toList();
  }

  /// A deployment that ends early leaves a step undone, which is told first.
  private static List<MarathonEvent> ended(Deployment deployment, Event.DeploymentEnded event) {
    return switch (event.outcome()) {
      case SUCCEEDED -> List.of(planned(outcome("deployment_success", event), deployment));
      case ROLLED_BACK, CANCELLED, SUPERSEDED, FAILED -> {
        List<MarathonEvent> events = new ArrayList<>();
        if (deployment.currentStep() > 0) {
          events.add(
              planned(MarathonEvent.of("deployment_step_failure", event.at()), deployment)
                  .with("currentStep", StepJson.current(deployment)));
        }
        events.add(
            planned(outcome("deployment_failed", event), deployment)
                .with("reason", event.reason()));
        yield events;
      }
    };
  }

  private static MarathonEvent outcome(String type, Event.DeploymentEnded event) {
    return MarathonEvent.of(type, event.at()).with("id", event.deployment().value());
  }

  private static MarathonEvent planned(MarathonEvent event, Deployment deployment) {
    return event.withPlan(PlanJson.light(deployment), PlanJson.heavy(deployment));
  }

  private static List<MarathonEvent> progressed(
      State before, State after, Event.InstanceProgressed event) {
    Optional<Instance> instance = after.instance(event.instance());
    if (instance.equals(before.instance(event.instance()))) {
      return List.of();
    }
    String message = event.trigger() == Trigger.LOST ? "nothing is heard of its node" : "";
    List<MarathonEvent> events = new ArrayList<>();
    instance
        .flatMap(now -> statusUpdate(after, now, now.condition(), message, event.at()))
        .ifPresent(events::add);
    events.addAll(changed(after, instance, event.at()));
    return events;
  }

  private static List<MarathonEvent> killOrdered(
      State before, State after, Event.KillOrdered event) {
    Optional<Instance> was = before.instance(event.instance());
    if (was.isEmpty()) {
      return List.of();
    }
    Instance instance = was.get();
    Condition next =
        Lifecycle.next(instance.condition(), Trigger.KILL_ORDERED).orElse(instance.condition());
    List<MarathonEvent> events = new ArrayList<>();
    if (event.kill().reason() == KillReason.UNHEALTHY) {
      events.add(unhealthyKill(before, instance, event));
    }
    statusUpdate(after, instance, next, killMessage(event.kill()), event.at())
        .ifPresent(events::add);
    events.add(changed(after, instance, next, event.at()));
    return events;
  }

  private static String killMessage(Instance.Kill kill) {
    String reason =
        switch (kill.reason()) {
          case REQUESTED -> "killed on request";
          case SCALED_DOWN -> "more instances than wanted";
          case REPLACED -> "replaced by a newer version";
          case APP_REMOVED -> "the app was removed";
          case UNHEALTHY -> "unhealthy";
          case NODE_DRAINED -> "its node is being drained";
          case REBALANCED -> "another stands ready elsewhere";
          case PREEMPTED -> "made room for an instance of higher priority";
          case EXPUNGED -> "given up with its unreachable node";
        };
    return kill.detail().isEmpty() ? reason : reason + ": " + kill.detail();
  }

  private static MarathonEvent unhealthyKill(
      State state, Instance instance, Event.KillOrdered event) {
    MarathonEvent kill =
        MarathonEvent.ofApp("unhealthy_instance_kill_event", instance.app(), event.at())
            .with("taskId", instance.id().task().value())
            .with("instanceId", instance.id().value())
            .with("version", Timestamps.format(instance.version()))
            .with("reason", event.kill().detail());
    return TaskJson.fromCore(state, instance, List.of())
        .map(task -> kill.with("host", task.host()).with("slaveId", task.slaveId()))
        .orElse(kill);
  }

  private static List<MarathonEvent> ended(State before, Event.InstanceEnded event) {
    Optional<Instance> was = before.instance(event.instance());
    if (was.isEmpty()) {
      return List.of();
    }
    Instance instance = was.get();
    Condition last =
        Lifecycle.next(instance.condition(), event.trigger()).orElse(instance.condition());
    if (!last.isTerminal()) {
      return List.of();
    }
    List<MarathonEvent> events = new ArrayList<>();
    statusUpdate(before, instance, last, event.end().message(), event.at()).ifPresent(events::add);
    events.add(changed(before, instance, last, event.at()));
    return events;
  }

  private static List<MarathonEvent> healthChanged(State after, Event.InstanceHealthChanged event) {
    Optional<Instance> found = after.instance(event.instance());
    if (found.isEmpty()) {
      return List.of();
    }
    Instance instance = found.get();
    String version = Timestamps.format(instance.version());
    return List.of(
        MarathonEvent.ofApp("health_status_changed_event", instance.app(), event.at())
            .with("instanceId", instance.id().value())
            .with("version", version)
            .with("alive", event.healthy()),
        MarathonEvent.of("instance_health_changed_event", event.at())
            .with("instanceId", instance.id().value())
            .with("runSpecId", instance.app().toString())
            .with("healthy", event.healthy())
            .with("runSpecVersion", version));
  }

  /// Nothing for an instance on no node: no task, no status.
  private static Optional<MarathonEvent> statusUpdate(
      State state, Instance instance, Condition condition, String message, Instant at) {
    return TaskJson.fromCore(state, instance, List.of())
        .map(
            task ->
                MarathonEvent.of("status_update_event", at)
                    .with("slaveId", task.slaveId())
                    .with("taskId", task.id())
                    .with("taskStatus", TaskState.of(condition))
                    .with("message", message)
                    .with("appId", task.appId())
                    .with("host", task.host())
                    .with("ipAddresses", task.ipAddresses())
                    .with("ports", task.ports())
                    .with("version", task.version()));
  }

  private static List<MarathonEvent> changed(State state, Optional<Instance> instance, Instant at) {
    return instance.stream().map(now -> changed(state, now, now.condition(), at)).toList();
  }

  private static MarathonEvent changed(
      State state, Instance instance, Condition condition, Instant at) {
    MarathonEvent event =
        MarathonEvent.of("instance_changed_event", at)
            .with("instanceId", instance.id().value())
            .with("condition", TaskState.word(condition))
            .with("runSpecId", instance.app().toString());
    MarathonEvent placed =
        TaskJson.fromCore(state, instance, List.of())
            .map(task -> event.with("agentId", task.slaveId()).with("host", task.host()))
            .orElse(event);
    return placed.with("runSpecVersion", Timestamps.format(instance.version()));
  }
}
