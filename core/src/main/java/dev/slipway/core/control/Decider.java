package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// Decides what follows from an input. Pure: the same state, input and time give the same decision.
///
/// An input is first taken for what it says (a wish changes the root, a sight changes an instance);
/// then everything that this touched is brought nearer to what is wanted. What is wanted, recorded
/// and seen is compared anew each time, so that nothing depends on having heard every change.
public final class Decider {
  private Decider() {}

  public static Decision decide(State state, Input input, Instant now) {
    return decide(state, input, now, new Memory());
  }

  /// The same for one who decides again and again.
  ///
  /// @param memory of earlier decisions; this one does not depend on it
  public static Decision decide(State state, Input input, Instant now, Memory memory) {
    var draft = new Draft(state, now, memory);
    Reply reply = take(draft, input);
    draft.settle();
    return draft.decision(reply);
  }

  private static Reply take(Draft draft, Input input) {
    return switch (input) {
      case Input.Planned wish -> Wishes.take(draft, wish);
      case Input.KillInstances kill -> KillCommand.kill(draft, kill);
      case Input.CancelDeployment cancel -> CancelCommand.cancel(draft, cancel);
      case Input.ResumeDeployment resume -> CancelCommand.resume(draft, resume);
      case Input.ClearBackoff clear -> clearBackoff(draft, clear);
      case Input.DrainNode drain -> drainNode(draft, drain);
      case Input.ForgetNode forget -> forgetNode(draft, forget);
      case Input.SetPlacementPolicy set -> setPlacementPolicy(draft, set);
      case Input.DeleteVolume delete -> VolumeCommands.delete(draft, delete);
      case Input.VolumeDestroyed destroyed -> VolumeCommands.destroyed(draft, destroyed);
      case Input.ResumeEvictions _ -> EvictionPause.resume(draft);
      case Input.Rebalance _ -> RebalancePass.start(draft);
      case Input.StopRebalancing _ -> RebalancePass.stop(draft);
      case Input.TakeLeadership take -> takeLeadership(draft, take);
      case Input.EngineSeen seen -> Sights.picture(draft, seen.picture());
      case Input.NodeSeen seen -> Sights.node(draft, seen.node());
      case Input.NodeSilent silent -> Sights.silence(draft, silent.node(), silent.reason());
      case Input.NodeGone gone -> Sights.gone(draft, gone.node(), gone.reason());
      case Input.NodePressureSeen seen -> Sights.pressure(draft, seen.node(), seen.pressure());
      case Input.TaskSeen seen -> Sights.task(draft, seen.observation());
      case Input.HealthSeen seen -> health(draft, seen);
      case Input.UnhealthySeen seen -> unhealthy(draft, seen);
      case Input.ReadySeen seen -> ready(draft, seen);
      case Input.Due due -> {
        due.apps().stream().filter(app -> !app.isRoot()).forEach(draft::markDue);
        if (due.apps().contains(PathId.ROOT)) {
          draft.markMoves();
          draft.markSilence();
        }
        yield done();
      }
    };
  }

  static Reply done() {
    return new Reply.Done(List.of());
  }

  /// Makes the end of an instance recorded and ordered.
  static void kill(Draft draft, Instance instance, KillReason reason, String detail) {
    draft.record(
        new Event.KillOrdered(instance.id(), new Instance.Kill(reason, detail, draft.now())));
    draft
        .state()
        .instance(instance.id())
        .ifPresent(ending -> draft.effect(Orders.kill(draft.state(), ending)));
  }

  private static Reply clearBackoff(Draft draft, Input.ClearBackoff clear) {
    if (!draft.state().waiting().containsKey(clear.app())) {
      return new Reply.NotFound("Application " + clear.app() + " not found in tasks queue.");
    }
    if (draft.state().backoffs().containsKey(clear.app())) {
      draft.record(new Event.BackoffCleared(clear.app(), draft.now()));
    }
    return done();
  }

  private static Reply drainNode(Draft draft, Input.DrainNode drain) {
    var node = draft.state().node(drain.node());
    if (node.isEmpty()) {
      return new Reply.NotFound("Node '" + drain.node() + "' does not exist");
    }
    if (node.get().draining() == drain.draining()) {
      return done();
    }
    draft.record(new Event.NodeDraining(drain.node(), drain.draining(), draft.now()));
    if (drain.draining()) {
      Sights.undelay(draft, node.get());
    }
    return done();
  }

  private static Reply forgetNode(Draft draft, Input.ForgetNode forget) {
    NodeRecord node = draft.state().node(forget.node()).orElse(null);
    if (node == null) {
      return new Reply.NotFound("Node '" + forget.node() + "' does not exist");
    }
    if (!node.silent() && !node.withdrawn()) {
      return new Reply.Conflict("Node '%s' is heard of; drain it instead".formatted(forget.node()));
    }
    return Sights.gone(draft, forget.node(), "its node was given up for good");
  }

  private static Reply setPlacementPolicy(Draft draft, Input.SetPlacementPolicy set) {
    var current = draft.state().placementPolicy();
    return switch (set.revision().apply(current)) {
      case PolicyRevision.Result.Invalid(List<Problem> problems) -> new Reply.Invalid(problems);
      case PolicyRevision.Result.Revised(PlacementPolicy policy) -> {
        if (!policy.equals(current)) {
          draft.record(new Event.PlacementPolicySet(policy, draft.now()));
        }
        yield done();
      }
    };
  }

  private static Reply takeLeadership(Draft draft, Input.TakeLeadership take) {
    if (draft.state().platform().id().isEmpty()) {
      draft.record(new Event.PlatformCreated(take.platform(), draft.now()));
    }
    if (take.epoch().compareTo(draft.state().platform().epoch()) > 0) {
      draft.record(new Event.LeadershipTaken(take.epoch(), draft.now()));
      Silence.beginAnew(draft);
    }
    draft.markAll();
    return done();
  }

  private static Reply health(Draft draft, Input.HealthSeen seen) {
    draft
        .state()
        .instance(seen.instance())
        .filter(instance -> instance.startedAt().isPresent())
        // What is told to end fails its checks; that is no news.
        .filter(instance -> instance.condition() != Condition.KILLING)
        .filter(instance -> instance.health().filter(known -> known == seen.healthy()).isEmpty())
        .ifPresent(
            instance ->
                draft.record(
                    new Event.InstanceHealthChanged(instance.id(), seen.healthy(), draft.now())));
    return done();
  }

  private static Reply ready(Draft draft, Input.ReadySeen seen) {
    draft
        .state()
        .instance(seen.instance())
        .filter(Instance::awaitsReadiness)
        .ifPresent(
            instance -> draft.record(new Event.InstanceBecameReady(instance.id(), draft.now())));
    return done();
  }

  private static Reply unhealthy(Draft draft, Input.UnhealthySeen seen) {
    draft
        .state()
        .instance(seen.instance())
        .filter(instance -> instance.condition() == Condition.RUNNING)
        .ifPresent(instance -> kill(draft, instance, KillReason.UNHEALTHY, seen.cause()));
    return done();
  }

  /// The deployments that hold any of the apps that a wish would change.
  static List<Deployment> holders(State state, Iterable<PathId> apps) {
    var holders = new TreeMap<DeploymentId, Deployment>();
    for (var app : apps) {
      var holder = state.locks().get(app);
      if (holder != null) {
        state.deployment(holder).ifPresent(deployment -> holders.put(holder, deployment));
      }
    }
    return List.copyOf(holders.values());
  }
}
