package dev.slipway.server.api;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.instance.TaskId;
import java.util.Optional;

/// The sandboxes of tasks that run or ended lately, as engines give them.
@FunctionalInterface
public interface Sandboxes {
  Optional<Sandbox> of(TaskId task);
}
