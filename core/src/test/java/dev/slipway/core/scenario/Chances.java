package dev.slipway.core.scenario;

import java.time.Duration;

/// What befalls a server while it works.
interface Chances {
  /// Nothing does.
  Chances NONE = moment -> false;

  /// Asked at each moment at which it may.
  boolean dies(Moment moment);

  /// Whether what was on its way from a server that died arrives.
  default boolean arrives() {
    return false;
  }

  /// How many inputs share an append.
  default int batch() {
    return 1;
  }

  /// How long an append takes.
  default Duration append() {
    return Duration.ZERO;
  }

  /// How long it takes until another server leads.
  default Duration downtime() {
    return Duration.ofSeconds(1);
  }
}
