package dev.slipway.core.instance;

/// Why an instance is ended; every kill has one.
public enum KillReason {
  /// A client asked for this task's end.
  REQUESTED,
  /// There are more instances than wanted.
  SCALED_DOWN,
  /// A newer version takes its place.
  REPLACED,
  /// The app is being removed.
  APP_REMOVED,
  /// Its health checks failed too often in a row.
  UNHEALTHY,
  /// Its node is being emptied.
  NODE_DRAINED,
  /// Another stands ready elsewhere, so that its node can become free or a rule hold again.
  REBALANCED,
  /// It makes room for an instance of higher priority.
  PREEMPTED,
  /// Its node has been silent for so long that it was given up; it is ended if the node returns.
  EXPUNGED
}
