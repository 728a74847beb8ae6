package dev.slipway.core.rebalancing;

import dev.slipway.core.instance.InstanceId;
import java.time.Instant;
import java.util.Optional;

/// A move that is being made.
///
/// @param since when it was ordered
/// @param replacement what takes the instance's place, once it has a place itself
public record UnderWay(Move move, Instant since, Optional<InstanceId> replacement) {
  public UnderWay replacedBy(InstanceId other) {
    return new UnderWay(move, since, Optional.of(other));
  }
}
