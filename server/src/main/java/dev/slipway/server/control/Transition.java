package dev.slipway.server.control;

import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;

/// A durable event with the states before and after it.
///
/// @param sequence the event's number in the journal; rises by one from event to event
public record Transition(long sequence, Event event, State before, State after) {}
