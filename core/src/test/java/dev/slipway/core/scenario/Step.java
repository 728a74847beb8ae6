package dev.slipway.core.scenario;

import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Input;
import dev.slipway.core.state.State;
import java.time.Instant;

/// One decision, and what it was made about.
record Step(State before, Input input, Instant now, Decision decision) {
  State after() {
    return decision.after();
  }
}
