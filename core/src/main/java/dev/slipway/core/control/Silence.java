package dev.slipway.core.control;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evictions;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What becomes of instances whose node is silent, by their app's `unreachableStrategy`. Its times
/// count from when the node was heard of last, and are looked at when they come (Marathon looks
/// every ten minutes).
final class Silence {
  /// Those whose replacement waits for others' are looked at so often, not each time that one more
  /// may be replaced.
  private static final Duration AGAIN = Duration.ofSeconds(1);

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
    if (draft.state().evictions().pause().isPresent()) {
      // All on silent nodes are looked at when it ends.
      return Optional.empty();
    }
    Instant inactive = after(node.since(), strategy.inactiveAfter());
    Instant expunged = after(node.since(), strategy.expungeAfter());
    boolean isReplaced = instance.condition() == Condition.UNREACHABLE_INACTIVE;
    Instant allowed = draft.state().evictions().next(draft.now());
    if (!isReplaced && !draft.now().isBefore(inactive) && allowed.isAfter(draft.now())) {
      return Optional.of(Times.later(allowed, draft.now().plus(AGAIN)));
    }
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
    if (isReplaced) {
      return Optional.of(expunged);
    }
    if (draft.now().isBefore(inactive)) {
      return Optional.of(inactive);
    }
    draft.record(new Event.InstanceProgressed(instance.id(), Trigger.WAITED_FOR, draft.now()));
    return Optional.of(expunged);
  }

  /// Why an instance on a silent node is not replaced although its app waits no longer, if so.
  static Optional<String> outlook(State state, Instance instance, Instant now) {
    var strategy =
        state.formation(instance.app()).map(held -> held.app().spec().unreachableStrategy());
    NodeRecord node =
        instance
            .place()
            .flatMap(place -> state.node(place.node()))
            .filter(NodeRecord::silent)
            .orElse(null);
    if (node == null
        || instance.condition() != Condition.UNREACHABLE
        || !(strategy.orElse(null) instanceof UnreachableStrategy.Replaced replaced)) {
      return Optional.empty();
    }
    Evictions evictions = state.evictions();
    if (evictions.pause().isPresent()) {
      Evictions.Pause pause = evictions.pause().get();
      return Optional.of(
          "it is not replaced: evictions are paused since %s, as %s"
              .formatted(Timestamps.format(pause.since()), pause.reason()));
    }
    boolean waits = now.isBefore(after(node.since(), replaced.inactiveAfter()));
    return waits || !evictions.next(now).isAfter(now)
        ? Optional.empty()
        : Optional.of(
            "it is replaced after others: %d instances of silent nodes a second are"
                .formatted(Evictions.A_SECOND));
  }

  private static void stillSilent(Draft draft, NodeRecord node) {
    draft.record(new Event.NodeSilent(node.id(), "silent still", draft.now()));
  }

  private static Instant after(Instant since, Duration wait) {
    return since.plus(wait.compareTo(Limits.LONGEST_SILENCE) < 0 ? wait : Limits.LONGEST_SILENCE);
  }
}
