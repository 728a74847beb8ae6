package dev.slipway.server.api;

import dev.slipway.core.instance.TaskId;
import dev.slipway.server.control.UsageBoard;
import java.util.Optional;

/// What tasks were last measured to use.
@FunctionalInterface
public interface UsageView {
  Optional<UsageBoard.Usage> of(TaskId task);
}
