package dev.slipway.core.control;

import dev.slipway.core.placement.Placer;

/// What one who decides again and again remembers of earlier decisions, so that the next ones are
/// quick: never what they are. For one thread.
public final class Memory {
  private final Placer placer = new Placer();
  private final Tenancy tenancy = new Tenancy();

  Placer placer() {
    return placer;
  }

  Tenancy tenancy() {
    return tenancy;
  }
}
