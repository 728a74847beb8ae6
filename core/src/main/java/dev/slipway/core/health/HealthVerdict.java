package dev.slipway.core.health;

/// What follows from a probe.
public enum HealthVerdict {
  UNCHANGED,
  BECAME_HEALTHY,
  BECAME_UNHEALTHY,
  /// It failed too often in a row and is to be ended; that it is unhealthy goes without saying.
  KILL
}
