package dev.slipway.core.control;

import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evictions;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When too many nodes go silent at once to believe that they are gone, nothing there is replaced
/// or given up: whoever cut them off would have all their work started once more elsewhere, and
/// ended where it runs well.
final class EvictionPause {
  /// While evictions are paused, it is looked so often whether they may go on.
  private static final Duration LOOK = Duration.ofSeconds(30);

  private EvictionPause() {}

  /// Begins and ends the pause by what is recorded of nodes.
  static void review(Draft draft) {
    State state = draft.state();
    Evictions evictions = state.evictions();
    int nodes = state.nodes().byId().size();
    if (evictions.pause().isEmpty()) {
      long silent = evictions.lately(draft.now());
      if (Evictions.isMass(silent, nodes)) {
        draft.record(new Event.EvictionsPaused((int) silent, nodes, draft.now()));
      }
      return;
    }
    long silent = evictions.remaining();
    Instant heard = evictions.pause().get().heard();
    // A time that is still to come says that the clock was set back.
    Duration calm = Duration.between(heard, draft.now()).abs();
    if (silent == 0) {
      draft.record(new Event.EvictionsResumed("all nodes are heard of again", draft.now()));
    } else if (!Evictions.isMass(silent, nodes) && calm.compareTo(Evictions.CALM) >= 0) {
      draft.record(
          new Event.EvictionsResumed(
              "%d of %d nodes are silent still, no more".formatted(silent, nodes), draft.now()));
    }
  }

  /// When to look again whether the pause is over.
  static Optional<Instant> next(Draft draft) {
    return draft.state().evictions().pause().map(paused -> draft.now().plus(LOOK));
  }

  /// By a person, who knows that those that are silent are gone.
  static Reply resume(Draft draft) {
    if (draft.state().evictions().pause().isEmpty()) {
      return new Reply.Conflict("Evictions are not paused");
    }
    draft.record(new Event.EvictionsResumed("somebody resumed them", draft.now()));
    return Decider.done();
  }
}
