package dev.slipway.core.engine;

/// An order of a leadership that has been followed by another.
public final class StaleEpoch extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StaleEpoch(Epoch given, Epoch seen) {
    super("epoch " + given.value() + " is older than " + seen.value() + ", which was already seen");
  }
}
