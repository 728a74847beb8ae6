package dev.slipway.server.control;

import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.state.Event;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one line for each event: its name and what it is about.
public final class EventLog implements Consumer<Transition> {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  @Override
  public void accept(Transition transition) {
    LOG.info("{} sequence={}", describe(transition.event()), transition.sequence());
  }

  static String describe(Event event) {
    return switch (event) {
      case Event.PlatformCreated e -> "platform.created platform=" + e.platform();
      case Event.LeadershipTaken e -> "leadership.taken epoch=" + e.epoch().value();
      case Event.RootChanged e ->
          "root.changed apps=%d removedApps=%d groups=%d removedGroups=%d"
              .formatted(
                  e.apps().size(),
                  e.removedApps().size(),
                  e.groups().size(),
                  e.removedGroups().size());
      case Event.AppForgotten e -> "app.forgotten app=" + e.app();
      case Event.DeploymentStarted e ->
          "deployment.started deployment=%s apps=%s steps=%d"
              .formatted(
                  e.deployment().id(),
                  e.deployment().apps().keySet(),
                  e.deployment().steps().size());
      case Event.StepStarted e ->
          "deployment.step.started deployment=%s step=%d".formatted(e.deployment(), e.step());
      case Event.StepCompleted e ->
          "deployment.step.completed deployment=%s step=%d".formatted(e.deployment(), e.step());
      case Event.DeploymentEnded e ->
          "deployment.ended deployment=%s outcome=%s reason=\"%s\""
              .formatted(e.deployment(), e.outcome(), e.reason());
      case Event.DeploymentQueued e ->
          "deployment.queued deployment=%s apps=%s"
              .formatted(e.queued().id(), e.queued().apps().keySet());
      case Event.ActionsHeld e ->
          "deployment.held deployment=%s apps=%s".formatted(e.deployment(), e.apps());
      case Event.ActionReleased e ->
          "deployment.released deployment=%s app=%s".formatted(e.deployment(), e.app());
      case Event.DeploymentProgressed e ->
          "deployment.progressed deployment=%s app=%s ready=%d"
              .formatted(e.deployment(), e.app(), e.mark().ready());
      case Event.DeploymentFailed e ->
          "deployment.failed deployment=%s app=%s then=%s reason=\"%s\""
              .formatted(
                  e.deployment(), e.failure().app(), e.failure().then(), e.failure().reason());
      case Event.DeploymentResumed e -> "deployment.resumed deployment=" + e.deployment();
      case Event.InstanceScheduled e -> "instance.scheduled instance=" + e.instance();
      case Event.InstancePlaced e ->
          "instance.placed instance=%s node=%s ports=%s"
              .formatted(e.instance(), e.place().node(), e.place().hostPorts());
      case Event.InstanceProgressed e ->
          "instance.progressed instance=%s trigger=%s".formatted(e.instance(), e.trigger());
      case Event.InstanceAddressesChanged e ->
          "instance.addressed instance=%s addresses=%s".formatted(e.instance(), e.addresses());
      case Event.InstanceHealthChanged e ->
          "instance.health instance=%s healthy=%s".formatted(e.instance(), e.healthy());
      case Event.InstanceBecameReady e -> "instance.ready instance=" + e.instance();
      case Event.KillOrdered e ->
          "instance.kill instance=%s reason=%s detail=\"%s\""
              .formatted(e.instance(), e.kill().reason(), e.kill().detail());
      case Event.RoomNominated e ->
          "room.nominated instance=%s node=%s victims=%d until=%s"
              .formatted(
                  e.instance(),
                  e.nomination().place().node(),
                  e.nomination().victims().size(),
                  e.nomination().until());
      case Event.NominationEnded e ->
          "room.renounced instance=%s reason=\"%s\"".formatted(e.instance(), e.reason());
      case Event.InstanceEnded e ->
          "instance.ended instance=%s reason=%s message=\"%s\""
              .formatted(e.instance(), e.end().reason(), e.end().message());
      case Event.BackoffSet e ->
          "backoff.set app=%s delayMs=%d".formatted(e.app(), e.backoff().delay().toMillis());
      case Event.BackoffCleared e -> "backoff.cleared app=" + e.app();
      case Event.NodeSeen e ->
          "node.seen node=%s%s"
              .formatted(
                  e.node().id(), e.node().closed().map(" closed=\"%s\""::formatted).orElse(""));
      case Event.NodeSilent e ->
          "node.silent node=%s reason=\"%s\"".formatted(e.node(), e.reason());
      case Event.NodeDraining e ->
          "node.draining node=%s draining=%s".formatted(e.node(), e.draining());
      case Event.NodePressureChanged e ->
          "node.pressure node=%s level=%s cause=\"%s\""
              .formatted(e.node(), e.pressure().level(), e.pressure().cause());
      case Event.NodeWithdrawn e -> "node.withdrawn node=" + e.node();
      case Event.VolumeCreated e ->
          "volume.created volume=%s app=%s node=%s"
              .formatted(e.volume().id(), e.volume().app(), e.volume().node());
      case Event.VolumeDeletionOrdered e -> "volume.condemned volume=" + e.volume();
      case Event.VolumeDeleted e -> "volume.deleted volume=" + e.volume();
      case Event.PlacementPolicySet e -> "placement.policy " + described(e.policy());
      case Event.RebalancingPlanned e ->
          "rebalancing.planned moves=%d automatic=%s".formatted(e.moves().size(), e.automatic());
      case Event.InstanceMoveOrdered e -> "instance.move.ordered instance=" + e.instance();
      case Event.InstanceMoveBegun e ->
          "instance.move.begun instance=%s replacement=%s".formatted(e.instance(), e.replacement());
      case Event.InstanceMoveEnded e ->
          "instance.move.ended instance=%s done=%s reason=%s"
              .formatted(e.instance(), e.done(), e.reason());
      case Event.RebalancingStopped e -> "rebalancing.stopped";
      case Event.RebalancingEnded e -> "rebalancing.ended reason=" + e.reason();
      case Event.EvictionsPaused e ->
          "evictions.paused silent=%d nodes=%d".formatted(e.silent(), e.nodes());
      case Event.EvictionsResumed e -> "evictions.resumed reason=" + e.reason();
      case Event.NodeForgotten e -> "node.forgotten node=" + e.node();
    };
  }

  private static String described(PlacementPolicy policy) {
    return "cpuOvercommitPercent=%d headroom=%s preemption=%s victimsPerMinute=%d automatic=%s"
        .formatted(
            policy.cpuOvercommitPercent(),
            policy.headroom().keySet(),
            policy.preemption().enabled(),
            policy.preemption().victimsPerMinute(),
            policy.rebalancing().automatic());
  }
}
