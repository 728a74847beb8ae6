package dev.slipway.core.placement;

/// One change that would let an instance stand somewhere.
///
/// @param text for people: `drop zone IS a`
/// @param nodes how many nodes would take the instance then; fewer where a rule spreads evenly;
/// none
///     where it is only a hint
public record Remedy(Kind kind, String text, int nodes) {
  /// What would have to be done.
  public enum Kind {
    /// A rule speaks of an attribute that no node has, so it may be misspelt.
    NO_SUCH_ATTRIBUTE,
    /// To leave out a constraint, or a rule of `scheduling`.
    DROP_RULE,
    /// To ask for a pool that nodes are dedicated to.
    ASK_FOR_POOL,
    /// To free room on a node, or to ask for less.
    FREE_ROOM,
    /// To free ports or devices.
    FREE_PORTS,
    /// To use nodes again that are being drained.
    END_DRAIN,
    /// To have nodes opened again that their engine closed to new tasks.
    OPEN_NODE,
    /// To end a task on nodes that hold as many as they take.
    FREE_PLACE,
    /// To get nodes back that are silent.
    BRING_BACK,
    /// To have another node.
    ADD_NODE
  }
}
