package dev.slipway.server.api;

import dev.slipway.core.state.State;
import java.time.Instant;

/// What the API reads.
public interface StateSource {
  /// The state as of the last durable event. Never waits; never changes once given.
  State state();

  /// The time by which decisions are made.
  Instant now();
}
