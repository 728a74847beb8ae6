package dev.slipway.core.node;

/// How likely a node is to vanish with all that runs on it, as whoever offers it says: a machine
/// that its owner may take back at any time has a high one. Apps go where the risk is least, unless
/// they tolerate disruption: those go where it is most, and leave the safe nodes to others.
public enum DisruptionRisk {
  NONE,
  LOW,
  MEDIUM,
  HIGH
}
