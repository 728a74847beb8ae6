package dev.slipway.core.app;

/// Whether an instance that ended by itself is followed by another.
public enum RestartPolicy {
  /// Always, as in Marathon.
  ALWAYS,
  /// Only after a failure; one that ended with exit code 0 is done.
  ON_FAILURE,
  /// Never: one that ended is done or has failed.
  NEVER
}
