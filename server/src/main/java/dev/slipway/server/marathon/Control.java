package dev.slipway.server.marathon;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.Optional;

/// What this API needs of the platform: the state to read, and somebody to tell wishes to.
public interface Control {
  /// The state as of the last durable event. Never waits; a wish that was answered is in it.
  State state();

  /// Has a wish decided about, and waits until the decision is durable.
  ///
  /// @throws dev.slipway.server.control.Unavailable when it cannot be taken now
  Reply submit(Input.Command wish);

  /// What speaks against a wish before it is decided about, so that a plan which is only asked for
  /// is refused as the wish would be.
  default Optional<Reply.Refused> refusal(Input.Command wish) {
    return Optional.empty();
  }

  /// The time by which decisions are made.
  Instant now();
}
