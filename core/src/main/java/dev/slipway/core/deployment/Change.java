package dev.slipway.core.deployment;

import java.util.Optional;

/// Something before and after a deployment; absent before when it is new, absent after when
/// removed.
public record Change<T>(Optional<T> before, Optional<T> after) {
  public Change<T> reversed() {
    return new Change<>(after, before);
  }
}
