package dev.slipway.core.rebalancing;

import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;

/// One instance that is to stand elsewhere.
///
/// @param why for people: `empties n3`
/// @param gain which part of what all ready nodes offer it helps to free; 0 where it mends a rule
public record Move(
    InstanceId instance, NodeId from, NodeId to, Cause cause, String why, double gain) {

  /// What it is good for.
  public enum Cause {
    /// The node that it leaves is to be free.
    EMPTY_NODE,
    /// A rule of an app is broken where it stands.
    MEND_RULE,
    /// A preference of an app can be met now.
    MEET_PREFERENCE
  }
}
