package dev.slipway.core.app;

import java.time.Duration;
import java.util.Optional;

/// How a running instance is asked whether it is well (Marathon's `healthChecks`).
///
/// @param probe what is asked
/// @param gracePeriod after the start, failures do not count for this long, until the first success
/// @param interval time between two probes
/// @param timeout how long one probe may take
/// @param maxConsecutiveFailures failures in a row after which the instance is killed; 0 never,
///     and at the first one where the check is asked on the task's node
/// @param origin who asks, and how
/// @param ignoreHttp1xx whether answers 100 to 199 leave the health as it was
public record HealthCheck(
    Probe probe,
    Duration gracePeriod,
    Duration interval,
    Duration timeout,
    int maxConsecutiveFailures,
    boolean ignoreHttp1xx,
    Origin origin) {

  /// Marathon's own checks: asked by the platform over IPv4.
  public HealthCheck(
      Probe probe,
      Duration gracePeriod,
      Duration interval,
      Duration timeout,
      int maxConsecutiveFailures,
      boolean ignoreHttp1xx) {
    this(
        probe,
        gracePeriod,
        interval,
        timeout,
        maxConsecutiveFailures,
        ignoreHttp1xx,
        Origin.PLATFORM);
  }

  /// Who asks, and how.
  ///
  /// @param node whether it is asked on the task's node (Marathon's `MESOS_` protocols)
  /// @param delay from the start of the task to the first time; only when asked on the node
  /// @param ipv6 whether the task is asked over IPv6
  public record Origin(boolean node, Duration delay, boolean ipv6) {
    public static final Origin PLATFORM = new Origin(false, Duration.ZERO, false);
  }

  /// What a health check asks.
  public sealed interface Probe {
    /// A GET of `path`; 200 to 399 is well. Certificates are not verified, as in Marathon.
    record Http(boolean tls, String path, Target target) implements Probe {}

    /// A connection that can be opened.
    record Tcp(Target target) implements Probe {}

    /// A shell line run in the task's environment and sandbox; exit code 0 is well.
    record Exec(String line) implements Probe {}
  }

  /// Which port is asked: a fixed `port` beats the index into the instance's ports.
  public record Target(Optional<Integer> port, int portIndex) {}
}
