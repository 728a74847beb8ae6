package dev.slipway.journal;

import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;

/// An event as it is read again, with the states before and after it.
///
/// @param sequence its number
public record Replayed(long sequence, Event event, State before, State after) {}
