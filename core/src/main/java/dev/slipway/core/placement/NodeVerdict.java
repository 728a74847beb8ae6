package dev.slipway.core.placement;

import dev.slipway.core.node.NodeId;

/// Whether a node takes an instance, and what speaks against it first.
///
/// @param detail a line for people, such as `cpus 0.5 free < 1 requested`
public record NodeVerdict(NodeId node, Reason reason, String detail) {
  public boolean fits() {
    return reason == Reason.FITS;
  }
}
