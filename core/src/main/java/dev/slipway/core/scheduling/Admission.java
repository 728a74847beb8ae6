package dev.slipway.core.scheduling;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// On which nodes requests may stand at all, and which they prefer. The same object is to be used
/// for requests that wish the same, since what was found out is kept by it.
public final class Admission {
  final BitSet nodes;
  final int count;
  private final int @Nullable [] unmet;

  /// @param nodes those that take the request, whatever else stands there
  /// @param unmet of each node the weights of preferences that it does not meet, added up, at most
  ///     {@link Shape#MOST_UNMET}; null where nothing is preferred
  public Admission(BitSet nodes, int @Nullable [] unmet) {
    this.nodes = (BitSet) nodes.clone();
    this.count = nodes.cardinality();
    this.unmet = unmet == null ? null : unmet.clone();
  }

  /// The weights of preferences that the node does not meet.
  int unmet(int node) {
    return unmet == null ? 0 : unmet[node];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Admission admission
        && nodes.equals(admission.nodes)
        && Arrays.equals(unmet, admission.unmet);
  }

  @Override
  public int hashCode() {
    return 31 * nodes.hashCode() + Arrays.hashCode(unmet);
  }
}
