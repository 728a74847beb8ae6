package dev.slipway.server.control;

import dev.slipway.core.state.State;

/// What readers see: the state as of the last durable event. Never changes; hold it as long as you
/// like.
///
/// @param sequence the number of that event in the journal
public record Published(State state, long sequence) {}
