package dev.slipway.endtoend.kubernetes;

/// What tests that run at the same time must not all have.
final class Locks {
  /// The cluster. Whoever disturbs it does so alone.
  static final String CLUSTER = "the Kubernetes cluster";

  private Locks() {}
}
