package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;

/// An event as it lies in the journal.
///
/// @param sequence its number
/// @param epoch the leadership that recorded it
public record Recorded(long sequence, Epoch epoch, Event event) {}
