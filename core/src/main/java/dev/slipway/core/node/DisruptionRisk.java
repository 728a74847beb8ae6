package dev.slipway.core.node;

/// How likely a node is to vanish with all that runs on it, as whoever offers it says: a machine
/// that its owner may take back at any time has a high one. Apps go where the risk is least, unless
/// they tolerate disruption: those go where it is most, and leave the safe nodes to others.
public enum DisruptionRisk {
  NONE(0),
  LOW(1),
  MEDIUM(2),
  HIGH(3);

  private final int degree;

  DisruptionRisk(int degree) {
    this.degree = degree;
  }

  /// From 0, for a node that stays, to 3.
  public int degree() {
    return degree;
  }
}
