package dev.slipway.core.control;

import dev.slipway.core.placement.PlacementPolicy;
import java.util.List;

/// A wish about the placement policy, worked out against what it is when the wish's turn comes, so
/// that two clients that change different fields at once both get what they asked for. Pure.
@FunctionalInterface
public interface PolicyRevision {
  Result apply(PlacementPolicy current);

  /// What comes of it.
  sealed interface Result {
    record Revised(PlacementPolicy policy) implements Result {}

    record Invalid(List<Problem> problems) implements Result {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }
}
