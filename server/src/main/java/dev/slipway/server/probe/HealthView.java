package dev.slipway.server.probe;

import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.InstanceId;
import java.util.List;
import java.util.Optional;

/// What the health checks know in detail; only their verdicts are in the state.
@FunctionalInterface
public interface HealthView {
  /// One record a health check, in the order of the app's; nothing where none is probed.
  Optional<List<HealthRecord>> of(InstanceId instance);
}
