package dev.slipway.core.control;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What becomes of instances whose node is silent, by their app's `unreachableStrategy`. Its times
/// count from when the node was heard of last, and are looked at when they come (Marathon looks
/// every ten minutes).
final class Silence {
  private Silence() {}

  /// While no server listened, silent nodes may have come back: the time in which nobody could hear
  /// of them is no silence of theirs, and what is decided before the engine's first picture must
  /// not be put down to it. So the waits begin anew with each leadership, which also ends them
  /// where no engine ever answers.
  static void beginAnew(Draft draft) {
    for (NodeRecord node : draft.state().nodes().byId().values()) {
      if (node.silent()) {
        stillSilent(draft, node);
      }
    }
  }

  /// Replaces and gives up what its app does not wait for any longer; tells when to look again.
  static Optional<Instant> endure(Draft draft, Formation formation) {
    return switch (formation.app().spec().unreachableStrategy()) {
      case UnreachableStrategy.Disabled() -> Optional.empty();
      case UnreachableStrategy.Replaced strategy -> {
        Optional<Instant> next = Optional.empty();
        for (Instance instance : draft.state().instancesOf(formation.app().id()).values()) {
          if (instance.condition().isUnreachable()) {
            next = Times.earlier(next, endure(draft, instance, strategy));
          }
        }
        yield next;
      }
    };
  }

  private static Optional<Instant> endure(
      Draft draft, Instance instance, UnreachableStrategy.Replaced strategy) {
    NodeRecord node =
        instance
            .place()
            .flatMap(place -> draft.state().node(place.node()))
            // A node that is heard again soon tells what became of its tasks.
            .filter(NodeRecord::silent)
            .orElse(null);
    if (node == null) {
      return Optional.empty();
    }
    if (node.since().isAfter(draft.now())) {
      // The clock was set back: the wait begins anew, so that it does not last until the clock is
      // where it was.
      stillSilent(draft, node);
      return endure(draft, instance, strategy);
    }
    Instant inactive = after(node.since(), strategy.inactiveAfter());
    Instant expunged = after(node.since(), strategy.expungeAfter());
    if (!draft.now().isBefore(expunged)) {
      if (!draft.takeKill()) {
        return Optional.of(draft.now());
      }
      Decider.kill(
          draft,
          instance,
          KillReason.EXPUNGED,
          "nothing heard of %s since %s".formatted(node.id(), Timestamps.format(node.since())));
      return Optional.empty();
    }
    if (instance.condition() == Condition.UNREACHABLE_INACTIVE) {
      return Optional.of(expunged);
    }
    if (draft.now().isBefore(inactive)) {
      return Optional.of(inactive);
    }
    draft.record(new Event.InstanceProgressed(instance.id(), Trigger.WAITED_FOR, draft.now()));
    return Optional.of(expunged);
  }

  private static void stillSilent(Draft draft, NodeRecord node) {
    draft.record(new Event.NodeSilent(node.id(), "silent still", draft.now()));
  }

  private static Instant after(Instant since, Duration wait) {
    return since.plus(wait.compareTo(Limits.LONGEST_SILENCE) < 0 ? wait : Limits.LONGEST_SILENCE);
  }
}
