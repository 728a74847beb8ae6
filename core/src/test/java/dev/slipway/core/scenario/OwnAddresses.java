package dev.slipway.core.scenario;

import dev.slipway.core.app.Network;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation.Status;
import java.util.List;

/// The addresses that engines of stories give to tasks on container networks.
final class OwnAddresses {
  private OwnAddresses() {}

  /// That a task runs at the addresses that it was given when it had got so many before.
  static Status.Running running(TaskLaunch launch, int before) {
    boolean shared =
        launch.surroundings().networks().stream()
            .noneMatch(network -> network.mode() == Network.Mode.CONTAINER);
    return shared ? new Status.Running() : new Status.Running(of(launch, before));
  }

  private static List<String> of(TaskLaunch launch, int before) {
    int number = launch.id().value().hashCode();
    return List.of(
        "10.%d.%d.%d".formatted(number >>> 8 & 255, number & 255, 1 + before % 250),
        "fd00::%x:%x".formatted(number & 0xffff, 1 + before));
  }
}
