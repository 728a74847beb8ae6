package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What follows from an input.
///
/// @param after the state once the events are applied
/// @param wakeUps for each app that was looked at: when to look again without another cause
public record Decision(
    State after,
    List<Event> events,
    List<Effect> effects,
    Reply reply,
    Map<PathId, Optional<Instant>> wakeUps) {}
