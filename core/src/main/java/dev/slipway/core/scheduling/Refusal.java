package dev.slipway.core.scheduling;

/// Codes of what speaks against a node first, in the order in which it is looked for. They count as
/// array indices, so that telling how many nodes failed for what costs nothing.
public final class Refusal {
  public static final int NONE = 0;

  /// Attributes, features or pools keep the request off the node.
  public static final int NOT_ADMITTED = 1;

  /// A rule about where tasks stand keeps it off.
  public static final int RULE = 2;

  /// Nothing is heard of the node.
  public static final int SILENT = 3;

  /// The node takes no new tasks.
  public static final int NOT_READY = 4;

  /// Whoever owns the node wants no new tasks on it.
  public static final int CLOSED = 5;

  /// The node holds as many tasks as it may.
  public static final int FULL = 6;

  public static final int TOO_FEW_DEVICES = 7;
  public static final int TOO_FEW_PORTS = 8;

  /// Too little of the first dimension; the others follow.
  public static final int FIRST_DIMENSION = 9;

  private Refusal() {}
}
