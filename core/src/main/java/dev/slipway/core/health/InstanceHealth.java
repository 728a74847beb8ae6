package dev.slipway.core.health;

import dev.slipway.core.app.HealthCheck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The health of an instance that has one check or several: it is healthy when every check says
/// so, and unhealthy as soon as one says that it is not.
///
/// @param checks one record a health check, in the order of the app's health checks
public record InstanceHealth(List<HealthRecord> checks) {
  public InstanceHealth {
    checks = List.copyOf(checks);
  }

  /// The health after a probe, and what follows from it for the instance.
  public record Change(InstanceHealth health, HealthVerdict verdict) {}

  /// Nothing known yet, by any of `count` checks.
  public static InstanceHealth unknown(int count) {
    return new InstanceHealth(Collections.nCopies(count, HealthRecord.UNKNOWN));
  }

  /// What is known after a restart of the platform, or a change of the app's health checks, from
  /// what was recorded for the instance.
  public static InstanceHealth recovered(int count, Optional<Boolean> healthy, Instant at) {
    return healthy
        .map(was -> new InstanceHealth(Collections.nCopies(count, HealthRecord.recovered(was, at))))
        .orElseGet(() -> unknown(count));
  }

  /// Whether the instance is well; nothing while the checks that have spoken say yes and others
  /// have not spoken, or where there are no checks.
  public Optional<Boolean> healthy() {
    if (checks.stream().anyMatch(check -> check.known() && !check.alive())) {
      return Optional.of(false);
    }
    boolean complete = !checks.isEmpty() && checks.stream().allMatch(HealthRecord::alive);
    return complete ? Optional.of(true) : Optional.empty();
  }

  /// Takes in a result of the check at `index`.
  ///
  /// @throws IndexOutOfBoundsException when there is no such check
  public Change fold(int index, HealthCheck check, Instant runningSince, ProbeResult result) {
    var change = checks.get(index).fold(check, runningSince, result);
    List<HealthRecord> next = new ArrayList<>(checks);
    next.set(index, change.record());
    var health = new InstanceHealth(next);
    if (change.verdict() == HealthVerdict.KILL) {
      return new Change(health, HealthVerdict.KILL);
    }
    var now = health.healthy();
    if (now.isEmpty() || now.equals(healthy())) {
      return new Change(health, HealthVerdict.UNCHANGED);
    }
    return new Change(
        health, now.get() ? HealthVerdict.BECAME_HEALTHY : HealthVerdict.BECAME_UNHEALTHY);
  }
}
