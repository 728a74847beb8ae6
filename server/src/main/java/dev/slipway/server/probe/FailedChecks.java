package dev.slipway.server.probe;

import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.instance.InstanceId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/// Passes on that a health check failed, to whoever wants to hear it, whichever prober asked. Any
/// thread may call.
public final class FailedChecks implements BiConsumer<InstanceId, HealthCheck> {
  private final List<BiConsumer<InstanceId, HealthCheck>> listeners = new CopyOnWriteArrayList<>();

  /// Has `listener` told of each from now on; it returns at once.
  public void listen(BiConsumer<InstanceId, HealthCheck> listener) {
    listeners.add(listener);
  }

  @Override
  public void accept(InstanceId instance, HealthCheck check) {
    listeners.forEach(listener -> listener.accept(instance, check));
  }
}
