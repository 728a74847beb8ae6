package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.Nomination;
import dev.slipway.core.state.Nominations;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// That instances make room for those of higher priority alone, that no more do than may, and that
/// the room is theirs.
final class Yielding {
  private Yielding() {}

  /// Whether room is kept for one of higher priority that names the victim, and the victim's end
  /// names it.
  static boolean isFor(State then, Instance victim, Instance.Kill kill) {
    for (var one : then.nominations().byInstance()) {
      Nomination nomination = one.getValue();
      if (nomination.victims().contains(victim.id())
          && kill.detail().contains(one.getKey().value())) {
        return priority(then, victim.app()) < nomination.priority()
            && victim.place().orElseThrow().node().equals(nomination.place().node())
            && victim.place().orElseThrow().volumes().isEmpty();
      }
    }
    return false;
  }

  static int priority(State state, PathId app) {
    return state
        .formation(app)
        .map(Formation::app)
        .map(App::spec)
        .map(spec -> spec.scheduling().priority())
        .orElse(0);
  }

  static void check(Step step) {
    nominations(step.after());
    budget(step);
    State then = step.before();
    for (Event event : step.decision().events()) {
      if (event instanceof Event.InstancePlaced placed) {
        notStolen(then, placed, step.now());
      }
      then = Evolution.apply(then, event);
    }
  }

  private static void nominations(State state) {
    for (var one : state.nominations().byInstance()) {
      Optional<Instance> waiting = state.instance(one.getKey());
      Rule.YIELDING.holds(
          waiting.filter(known -> known.condition() == Condition.SCHEDULED).isPresent(),
          "room is kept for %s, which does not wait",
          one.getKey());
      Rule.YIELDING.holds(
          state
              .node(one.getValue().place().node())
              .filter(node -> node.state() == NodeRecord.State.READY)
              .isPresent(),
          "room is kept on %s",
          one.getValue());
    }
  }

  private static void budget(Step step) {
    int victims = 0;
    for (Event event : step.decision().events()) {
      boolean yields =
          event instanceof Event.KillOrdered order && order.kill().reason() == KillReason.PREEMPTED;
      victims += yields ? 1 : 0;
    }
    if (victims == 0) {
      return;
    }
    var policy = step.after().placementPolicy().preemption();
    Rule.YIELDING.holds(policy.enabled(), "%d victims though nobody is to make room", victims);
    int spent = victims;
    for (Nominations.Spent one : step.before().nominations().spent()) {
      Duration ago = Duration.between(one.at(), step.now()).abs();
      spent += ago.compareTo(Duration.ofMinutes(1)) < 0 ? one.count() : 0;
    }
    Rule.YIELDING.holds(spent <= policy.victimsPerMinute(), "%d victims within a minute", spent);
    Rule.YIELDING.holds(
        step.after().nominations().spent(step.now()) == spent, "the victims are not counted");
  }

  /// Where another is placed that has no higher priority, the room is left that is kept.
  private static void notStolen(State then, Event.InstancePlaced placed, Instant now) {
    int priority = priority(then, placed.instance().app());
    InstanceId own = placed.instance();
    NodeRecord node = then.node(placed.place().node()).orElseThrow();
    var left = node.free().minus(placed.place().resources());
    for (var one : then.nominations().byInstance()) {
      Nomination kept = one.getValue();
      if (one.getKey().equals(own)
          || kept.priority() < priority
          || kept.isOver(now)
          || !kept.place().node().equals(node.id())) {
        continue;
      }
      left = left.minus(kept.place().resources());
      Rule.YIELDING.holds(
          kept.place().hostPorts().stream().noneMatch(placed.place().hostPorts()::contains),
          "%s has a port that is kept for %s",
          own,
          one.getKey());
    }
    if (left.equals(node.free().minus(placed.place().resources()))) {
      return;
    }
    Rule.YIELDING.holds(
        left.milliCpus() >= 0 && left.memBytes() >= 0,
        "%s takes room on %s that is kept for others: %s",
        own,
        node.id(),
        then.nominations());
  }
}
