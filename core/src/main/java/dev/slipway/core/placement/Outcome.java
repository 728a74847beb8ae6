package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;
import java.util.List;

/// What became of a request.
public sealed interface Outcome {
  record Placed(Instance.Place place) implements Outcome {}

  /// No node takes it.
  ///
  /// @param verdicts one a node, by node id, from {@link Placement}; {@link Placer} looks at no
  /// node
  ///     that it can pass over, and gives none
  record NotPlaced(List<NodeVerdict> verdicts) implements Outcome {
    public NotPlaced {
      verdicts = List.copyOf(verdicts);
    }
  }
}
