package dev.slipway.core.scenario;

import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.scenario.Sabotage.Spoilt;
import dev.slipway.core.state.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Ways to break what is recorded, promised, and ordered in whose name.
final class RecordSabotage {
  private RecordSabotage() {}

  static Spoilt ordersInOldEpoch(Spoilt good) {
    return good.effects(
        effect ->
            effect instanceof Effect.Kill(var task, var grace, var epoch)
                ? List.of(new Effect.Kill(task, grace, new Epoch(epoch.value() - 1)))
                : List.of(effect));
  }

  static Spoilt letsEpochFall(Spoilt good) {
    return good.input() instanceof Input.KillInstances
        ? good.and(new Event.LeadershipTaken(new Epoch(0), good.now()))
        : good;
  }

  static Spoilt losesWrite(Spoilt good) {
    Decision decision = good.decision();
    boolean write =
        good.input() instanceof Input.ChangeApps && decision.reply() instanceof Reply.Deploying;
    return write
        ? good.become(new Decision(good.before(), List.of(), List.of(), decision.reply(), Map.of()))
        : good;
  }

  static Spoilt undoesWrite(Spoilt good) {
    var root = good.before().root();
    if (!(good.input() instanceof Input.EngineSeen) || root.apps().isEmpty()) {
      return good;
    }
    return good.and(
        new Event.RootChanged(
            root.version().plusMillis(1),
            List.of(),
            List.of(root.apps().keys().iterator().next()),
            List.of(),
            List.of(),
            good.now()));
  }

  static Spoilt promisesMore(Spoilt good) {
    Decision decision = good.decision();
    if (!(decision.reply() instanceof Reply.Deploying made)) {
      return good;
    }
    var another = DeploymentId.of(decision.after().platform().identity(1_000));
    return good.become(
        new Decision(
            decision.after(),
            decision.events(),
            decision.effects(),
            new Reply.Deploying(another, made.version(), made.killed()),
            decision.wakeUps()));
  }

  static Spoilt recordsLess(Spoilt good) {
    return good.journal(
        events ->
            events.stream()
                .filter(event -> events.size() == 1 || !(event instanceof Event.BackoffSet))
                .toList());
  }

  static Spoilt recordsRefused(Spoilt good) {
    Optional<Reply.Refused> refusal = good.decision().reply().refusal();
    return refusal.isPresent()
        ? good.and(new Event.NodeDraining(new NodeId("n1"), true, good.now()))
        : good;
  }

  static Spoilt dropsKills(Spoilt good) {
    return good.events(event -> event instanceof Event.KillOrdered ? List.of() : List.of(event));
  }
}
