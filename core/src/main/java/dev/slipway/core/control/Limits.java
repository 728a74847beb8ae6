package dev.slipway.core.control;

import java.time.Duration;

/// The bounds of the control loop.
public final class Limits {
  /// Deployments that go on at once; more are refused until some are over.
  public static final int DEPLOYMENTS = 5000;

  /// Deployments that may wait for others to end.
  public static final int QUEUED = 100;

  /// Instances that one app may want.
  public static final int INSTANCES = 100_000;

  /// Instances that all apps together may want.
  public static final int ALL_INSTANCES = 250_000;

  /// Apps and groups that may exist.
  public static final int APPS = 100_000;

  /// After this long without a sign, an order to launch or end a task is given again.
  public static final Duration ORDER_AGAIN = Duration.ofSeconds(30);

  /// Instances that one decision schedules, launches or ends at most, of each; what is more follows
  /// in the next decisions, so that no client waits long and no batch of events grows too large.
  /// Not bounded by it is what is not decided but told: the instances whose end a client orders by
  /// name, which are all ended before it is answered, and what a picture, or the loss of a node,
  /// shows of all instances at once.
  public static final int ORDERS_AT_ONCE = 2_000;

  /// What finding places may take in one decision, in looks at a node or a group of nodes: some
  /// hundredths of a second. Hardly any app comes near it; those with a hundred rules that
  /// thousands of groups are held against are placed some at a time.
  public static final long LOOKS_AT_ONCE = 1_000_000;

  /// Nobody waits longer for a silent node, unless for ever.
  public static final Duration LONGEST_SILENCE = Duration.ofDays(10 * 365);

  /// The service ports that are given to apps that ask for any.
  public static final int FIRST_SERVICE_PORT = 10_000;

  public static final int LAST_SERVICE_PORT = 20_000;

  private Limits() {}
}
