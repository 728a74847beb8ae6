package dev.slipway.core.instance;

/// Where an instance is in its life. {@link Lifecycle} holds the transitions.
public enum Condition {
  /// Wanted, on no node yet.
  SCHEDULED,
  /// Put on a node; the engine has the order to launch it.
  PROVISIONED,
  /// The engine prepares it.
  STAGING,
  RUNNING,
  /// Nothing is heard of its node; the task may still run.
  UNREACHABLE,
  /// Nothing was heard of its node for so long that another takes its place; the task may still
  /// run.
  UNREACHABLE_INACTIVE,
  /// The engine has the order to end it.
  KILLING,
  /// Ended by itself with success.
  FINISHED,
  /// Ended by itself without success, or could not be started.
  FAILED,
  /// Ended because it was ordered.
  KILLED,
  /// Vanished with its machine.
  GONE,
  /// Given up before it stood on any node.
  DROPPED;

  /// Whether nothing is heard of its node, though it is not being ended.
  public boolean isUnreachable() {
    return this == UNREACHABLE || this == UNREACHABLE_INACTIVE;
  }

  /// Whether its life is over.
  public boolean isTerminal() {
    return switch (this) {
      case FINISHED, FAILED, KILLED, GONE, DROPPED -> true;
      case SCHEDULED, PROVISIONED, STAGING, RUNNING, UNREACHABLE, UNREACHABLE_INACTIVE, KILLING ->
          false;
    };
  }
}
