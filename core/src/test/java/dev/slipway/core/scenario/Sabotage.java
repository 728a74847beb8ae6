package dev.slipway.core.scenario;

import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A core that is broken on purpose, in one way, to see that the checks notice.
@FunctionalInterface
interface Sabotage {
  /// A good decision, what it was made about, and what becomes of it.
  record Spoilt(State before, Input input, Instant now, Decision decision) {

    /// With other events, and the state that follows from them.
    Spoilt events(Function<Event, List<Event>> change) {
      List<Event> events =
          decision.events().stream().flatMap(e -> change.apply(e).stream()).toList();
      return recorded(events);
    }

    Spoilt and(Event event) {
      List<Event> events = new ArrayList<>(decision.events());
      events.add(event);
      return recorded(events);
    }

    Spoilt effects(Function<Effect, List<Effect>> change) {
      var effects = decision.effects().stream().flatMap(e -> change.apply(e).stream()).toList();
      return become(
          new Decision(
              decision.after(), decision.events(), effects, decision.reply(), decision.wakeUps()));
    }

    /// With the same state and other events.
    Spoilt journal(UnaryOperator<List<Event>> change) {
      return become(
          new Decision(
              decision.after(),
              change.apply(decision.events()),
              decision.effects(),
              decision.reply(),
              decision.wakeUps()));
    }

    Spoilt become(Decision next) {
      return new Spoilt(before, input, now, next);
    }

    private Spoilt recorded(List<Event> events) {
      return become(
          new Decision(
              Evolution.applyAll(before, events),
              events,
              decision.effects(),
              decision.reply(),
              decision.wakeUps()));
    }
  }

  Spoilt spoil(Spoilt good);

  default World.Deciding deciding() {
    return (state, input, now) ->
        spoil(new Spoilt(state, input, now, Decider.decide(state, input, now))).decision();
  }
}
