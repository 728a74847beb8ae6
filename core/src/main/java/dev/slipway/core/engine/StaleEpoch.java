package dev.slipway.core.engine;

/// An order of a leadership that has been followed by another, or whose epoch was another's before.
public final class StaleEpoch extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long seen;

  public StaleEpoch(Epoch given, Epoch seen) {
    super(message(given, seen));
    this.seen = seen.value();
  }

  private static String message(Epoch given, Epoch seen) {
    return given.equals(seen)
        ? "epoch " + given.value() + " was already given out before"
        : "epoch " + given.value() + " is older than " + seen.value() + ", which was already seen";
  }

  /// The higher one, or the same.
  public Epoch seen() {
    return new Epoch(seen);
  }
}
