package dev.slipway.core.leadership;

/// What a leader has to get on with. Each is looked at by itself: whoever records the wishes of
/// clients without end, and reaches no engine, is stuck all the same.
public enum Strand {
  /// The term comes to take writes.
  BEGINNING("the term did not begin within %d s"),

  /// Inputs are decided about and recorded.
  DECIDING("nothing was decided for %d s while inputs wait"),

  /// The engine answers: it shows what runs, and takes orders or refuses them.
  ORDERING("the engine did not answer for %d s while it was waited for");

  private final String standstill;

  Strand(String standstill) {
    this.standstill = standstill;
  }

  String standstill(long seconds) {
    return standstill.formatted(seconds);
  }
}
