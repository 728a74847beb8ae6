package dev.slipway.core.scenario;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;

/// A journal in memory that outlives servers. It takes all events of an append or none, refuses
/// lower epochs, and can be full.
final class SimulatedJournal {
  /// What became of an append.
  enum Outcome {
    RECORDED,
    /// A higher epoch was taken; nothing is recorded.
    STALE,
    /// There is no room; nothing is recorded.
    FULL
  }

  private final List<Event> events = new ArrayList<>();
  private State live = State.EMPTY;
  private Epoch epoch = new Epoch(0);
  private boolean full;

  List<Event> events() {
    return events;
  }

  /// The state that the server which recorded last had then.
  State live() {
    return live;
  }

  void full(boolean now) {
    full = now;
  }

  Epoch takeLeadership() {
    epoch = new Epoch(epoch.value() + 1);
    return epoch;
  }

  Outcome append(List<Event> batch, State after, Epoch given) {
    if (batch.isEmpty()) {
      return Outcome.RECORDED;
    }
    if (given.compareTo(epoch) < 0) {
      return Outcome.STALE;
    }
    if (full) {
      return Outcome.FULL;
    }
    events.addAll(batch);
    live = after;
    return Outcome.RECORDED;
  }

  /// The state that the events add up to.
  State replay() {
    State replayed = Evolution.applyAll(State.EMPTY, events);
    Rule.REPLAY.holds(replayed.equals(live), "%d events give another state", events.size());
    return replayed;
  }
}
