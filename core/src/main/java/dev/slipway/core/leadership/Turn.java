package dev.slipway.core.leadership;

import java.time.Duration;
import java.util.List;

/// What follows from what was heard.
///
/// @param election as it is now
/// @param orders to carry out, in order
/// @param wake when to tell {@link Heard.Woke} at the latest, if nothing else was heard; always
///     later than now
public record Turn(Election election, List<Order> orders, Duration wake) {
  public Turn {
    orders = List.copyOf(orders);
  }
}
