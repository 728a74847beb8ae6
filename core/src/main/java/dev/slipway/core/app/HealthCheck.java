package dev.slipway.core.app;

import java.time.Duration;
import java.util.Optional;

/// How a running instance is asked whether it is well (Marathon's `healthChecks`).
///
/// @param probe what is asked
/// @param gracePeriod after the start, failures do not count for this long, until the first success
/// @param interval time between two probes
/// @param timeout how long one probe may take
/// @param maxConsecutiveFailures failures in a row after which the instance is killed; 0 never
/// kills
/// @param ignoreHttp1xx whether answers 100 to 199 leave the health as it was
public record HealthCheck(
    Probe probe,
    Duration gracePeriod,
    Duration interval,
    Duration timeout,
    int maxConsecutiveFailures,
    boolean ignoreHttp1xx) {

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
