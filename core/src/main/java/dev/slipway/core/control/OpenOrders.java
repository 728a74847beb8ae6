package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.State;
import dev.slipway.core.volume.PersistentVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Gives an app's orders again that have had no answer for long, and tells when to look the next
/// time. The times are fixed from when the order was first given, so that looking in between, for
/// whatever cause, neither gives it more often nor puts it off. Nothing is ordered of nodes that
/// are silent; when one is heard again its apps are looked at.
final class OpenOrders {
  /// The times lie so far apart, so that the orders of some moments are all given again by one look
  /// and not by as many looks as there are orders. A look that comes later than this is not the one
  /// that was asked for.
  private static final Duration TICK = Duration.ofSeconds(5);

  private OpenOrders() {}

  static Optional<Instant> giveAgain(Draft draft, PathId app) {
    boolean due = draft.takeDue(app);
    Optional<Instant> next = Optional.empty();
    for (Instance instance : draft.state().instancesOf(app).values()) {
      Optional<Duration> patience = patience(draft.state(), instance);
      if (patience.isEmpty()) {
        continue;
      }
      Duration over = sinceLast(instance.since(), patience.get(), draft.now());
      if (due && isTime(over)) {
        Orders.open(draft.state(), instance).ifPresent(draft::effect);
      }
      next = Times.earlier(next, Optional.of(draft.now().plus(wait(over))));
    }
    return Times.earlier(next, destroy(draft, app, due));
  }

  private static boolean isTime(Duration over) {
    return !over.isNegative() && over.compareTo(TICK) < 0;
  }

  /// Has the volumes destroyed that are to be deleted and that nothing is attached to.
  private static Optional<Instant> destroy(Draft draft, PathId app, boolean due) {
    Optional<Instant> next = Optional.empty();
    for (PersistentVolume volume : draft.state().nodes().volumesOf(app).values()) {
      if (!volume.isCondemned() || draft.state().nodes().isSilent(volume.node())) {
        continue;
      }
      Duration over = sinceLast(volume.since(), Limits.ORDER_AGAIN, draft.now());
      if (volume.since().equals(draft.now()) || (due && isTime(over))) {
        draft.effectOnce(
            new Effect.DestroyVolume(
                volume.node(), app, volume.id(), draft.state().platform().epoch()));
      }
      next = Times.earlier(next, Optional.of(draft.now().plus(wait(over))));
    }
    return next;
  }

  /// How long until the next of the moments, when the last was so long ago.
  private static Duration wait(Duration over) {
    return over.isNegative() ? over.negated() : Limits.ORDER_AGAIN.minus(over);
  }

  /// The time since the last of the moments at which an order given at `since` is given again: at
  /// the first {@link #TICK} after `patience`, and then every {@link Limits#ORDER_AGAIN}; negative
  /// when the first is still to come. A clock that was set back shows a time before `since`; there
  /// have been such moments all along then, so that nothing waits until the clock is where it was.
  private static Duration sinceLast(Instant since, Duration patience, Instant now) {
    Duration over = Duration.between(tickAfter(since.plus(patience)), now);
    return over.isNegative() && !now.isBefore(since)
        ? over
        : Duration.ofNanos(Math.floorMod(over.toNanos(), Limits.ORDER_AGAIN.toNanos()));
  }

  private static Instant tickAfter(Instant time) {
    long seconds = time.getEpochSecond() + (time.getNano() > 0 ? 1 : 0);
    return Instant.ofEpochSecond(Math.ceilDiv(seconds, TICK.toSeconds()) * TICK.toSeconds());
  }

  /// How long to wait for an answer to the order that the instance's condition speaks of, if it
  /// does.
  private static Optional<Duration> patience(State state, Instance instance) {
    return switch (instance.condition()) {
      case PROVISIONED -> Optional.of(Limits.ORDER_AGAIN);
      case KILLING ->
          Census.isOnSilentNode(state, instance)
              ? Optional.empty()
              : Optional.of(Orders.grace(state, instance).plus(Limits.ORDER_AGAIN));
      case UNREACHABLE, UNREACHABLE_INACTIVE ->
          Optional.of(Limits.ORDER_AGAIN)
              .filter(patience -> Orders.isUnanswered(instance))
              .filter(patience -> !Census.isOnSilentNode(state, instance));
      case SCHEDULED, STAGING, RUNNING, FINISHED, FAILED, KILLED, GONE, DROPPED -> Optional.empty();
    };
  }
}
