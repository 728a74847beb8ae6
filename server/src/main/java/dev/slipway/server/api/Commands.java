package dev.slipway.server.api;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;

/// Takes the wishes of clients.
@FunctionalInterface
public interface Commands {
  /// Has a wish decided about, and waits until the decision is durable.
  ///
  /// @throws dev.slipway.server.control.Unavailable when it cannot be taken now
  Reply submit(Input.Command wish);
}
