package dev.slipway.core.engine;

/// The engine cannot be reached now. Whether the order was carried out is not known: it may be
/// given again, which does no harm, since orders are idempotent.
public final class EngineUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// @param message for people: what cannot be reached, and why
  public EngineUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
