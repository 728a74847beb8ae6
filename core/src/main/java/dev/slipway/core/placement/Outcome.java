package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;

/// What became of a request.
public sealed interface Outcome {
  record Placed(Instance.Place place) implements Outcome {}

  /// No node takes it.
  ///
  /// @param survey how many nodes are refused for what first
  record NotPlaced(Survey survey) implements Outcome {}
}
