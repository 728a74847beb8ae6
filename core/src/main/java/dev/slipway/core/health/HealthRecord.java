package dev.slipway.core.health;

import dev.slipway.core.app.HealthCheck;
import java.time.Instant;
import java.util.Optional;

/// What one health check knows of one instance (Marathon's `healthCheckResults`). Results of a
/// check come in order, so the last one that counted says whether the instance is alive.
///
/// @param alive whether the last result that counted was a success
/// @param consecutiveFailures failures that counted since the last success
public record HealthRecord(
    boolean alive,
    int consecutiveFailures,
    Optional<Instant> firstSuccess,
    Optional<Instant> lastSuccess,
    Optional<Instant> lastFailure,
    Optional<String> lastFailureCause) {
  /// Before any result: neither healthy nor unhealthy.
  public static final HealthRecord UNKNOWN =
      new HealthRecord(
          false, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// The record after a probe, and what follows from it.
  public record Change(HealthRecord record, HealthVerdict verdict) {}

  /// What is known of an instance that was recorded as healthy or not before the platform
  /// restarted. A healthy one has had its first success, so that it does not get its grace period
  /// anew; an unhealthy one is given all its consecutive failures again.
  public static HealthRecord recovered(boolean healthy, Instant at) {
    Optional<Instant> then = Optional.of(at);
    if (healthy) {
      return new HealthRecord(true, 0, then, then, Optional.empty(), Optional.empty());
    }
    return new HealthRecord(false, 0, Optional.empty(), Optional.empty(), then, Optional.empty());
  }

  /// Whether any result has counted yet.
  public boolean known() {
    return lastSuccess.isPresent() || lastFailure.isPresent();
  }

  /// Takes in one result, by Marathon's rules (`HealthCheckActor.scala`): failures before the
  /// first success do not count within the grace period; at `maxConsecutiveFailures` in a row the
  /// instance is to be ended, unless that is 0. On the task's node, 0 means at the first one.
  ///
  /// @param runningSince when the instance was first seen to run
  public Change fold(HealthCheck check, Instant runningSince, ProbeResult result) {
    return switch (result) {
      case ProbeResult.Ignored() -> new Change(this, HealthVerdict.UNCHANGED);
      case ProbeResult.Success(Instant at) -> succeeded(at);
      case ProbeResult.Failure(Instant at, String cause) -> {
        boolean inGrace = at.isBefore(runningSince.plus(check.gracePeriod()));
        yield firstSuccess.isEmpty() && inGrace
            ? new Change(this, HealthVerdict.UNCHANGED)
            : failed(at, cause, allowed(check));
      }
    };
  }

  private static int allowed(HealthCheck check) {
    int most = check.maxConsecutiveFailures();
    return check.origin().node() ? Math.max(1, most) : most;
  }

  private Change succeeded(Instant at) {
    Optional<Instant> now = Optional.of(at);
    var next =
        new HealthRecord(true, 0, firstSuccess.or(() -> now), now, lastFailure, lastFailureCause);
    return new Change(next, alive ? HealthVerdict.UNCHANGED : HealthVerdict.BECAME_HEALTHY);
  }

  private Change failed(Instant at, String cause, int allowed) {
    var next =
        new HealthRecord(
            false,
            consecutiveFailures + 1,
            firstSuccess,
            lastSuccess,
            Optional.of(at),
            Optional.of(cause));
    if (allowed > 0 && next.consecutiveFailures >= allowed) {
      return new Change(next, HealthVerdict.KILL);
    }
    boolean turned = alive || !known();
    return new Change(next, turned ? HealthVerdict.BECAME_UNHEALTHY : HealthVerdict.UNCHANGED);
  }
}
