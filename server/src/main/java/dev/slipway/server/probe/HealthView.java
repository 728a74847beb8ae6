package dev.slipway.server.probe;

import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.InstanceId;
import java.util.List;
import java.util.Optional;

/// What checks of all kinds know in detail; only their verdicts are in the state.
@FunctionalInterface
public interface HealthView {
  /// One record a health check, in the order of the app's; nothing where none is probed.
  Optional<List<HealthRecord>> of(InstanceId instance);

  /// What the readiness check of an instance last said, while a deployment holds its app.
  default Optional<ReadinessResult> readiness(InstanceId instance) {
    return Optional.empty();
  }

  /// What the status check of an instance (Marathon's `check`) last said.
  default Optional<CheckResult> check(InstanceId instance) {
    return Optional.empty();
  }

  /// Why no instance is ended for its health now, if so.
  default Optional<CheckBreaker.Alarm> alarm() {
    return Optional.empty();
  }
}
