package dev.slipway.endtoend.kubernetes;

/// What tests that run at the same time must not all have.
public final class Locks {
  /// The cluster. Whoever disturbs its nodes or its API server does so alone; those that have a
  /// namespace, and cut lines of their own only, share it.
  public static final String CLUSTER = "the Kubernetes cluster";

  /// What three servers, their database and the clients that write leave of this machine.
  public static final String SEVERAL_SERVERS = "several servers";

  private Locks() {}
}
