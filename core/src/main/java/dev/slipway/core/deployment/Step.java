package dev.slipway.core.deployment;

import java.util.List;

/// Actions that go on side by side; the next step begins when all are done.
public record Step(List<Action> actions) {
  public Step {
    actions = List.copyOf(actions);
  }
}
