package dev.slipway.core.node;

/// By how much the tasks of a node were measured to need more than they requested, at the cost of
/// each other. It says nothing of how much was requested.
///
/// @param level the higher, the later the node is chosen for new instances; none is refused for it
/// @param cause for people, the noisiest first: `/noisy uses cpus 3.2 of 1 requested`; empty
///     without any pressure
public record Pressure(Level level, String cause) {
  public static final Pressure NONE = new Pressure(Level.NONE, "");

  public enum Level {
    NONE(0),
    LOW(1),
    MEDIUM(2),
    HIGH(3);

    private final int degree;

    Level(int degree) {
      this.degree = degree;
    }

    /// From 0, for a quiet node, to 3.
    public int degree() {
      return degree;
    }
  }
}
