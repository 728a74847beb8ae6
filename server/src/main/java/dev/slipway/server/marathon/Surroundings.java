package dev.slipway.server.marathon;

import dev.slipway.server.marathon.event.AddressRule;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.event.SubscriptionStore;

/// What of this API outlives a request, beside the state.
///
/// @param events told of every durable event, in order; closed with the API
/// @param subscriptions keeps who is called back
/// @param addresses where events may be sent
/// @param abdication gives up the leadership and takes it anew; returns once that is durable, and
///     throws {@link dev.slipway.server.control.Unavailable} when it cannot be done now
public record Surroundings(
    EventStreams events,
    SubscriptionStore subscriptions,
    AddressRule addresses,
    Runnable abdication) {}
