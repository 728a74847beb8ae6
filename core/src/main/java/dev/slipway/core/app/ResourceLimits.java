package dev.slipway.core.app;

import java.util.Optional;

/// What a task may use beyond what it requests (Marathon's `resourceLimits`); each is absent,
/// unlimited, or at least the request.
public record ResourceLimits(Optional<Limit> cpus, Optional<Limit> mem) {
  public static final ResourceLimits NONE = new ResourceLimits(Optional.empty(), Optional.empty());

  public sealed interface Limit {
    record Unlimited() implements Limit {}

    /// @param amount thousandths of a core, or bytes
    record AtMost(long amount) implements Limit {}
  }
}
