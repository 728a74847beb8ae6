package dev.slipway.server.control;

/// A wish that cannot be taken now, through no fault of its own; nothing was changed. HTTP answers
/// 503.
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Unavailable(String message) {
    super(message);
  }
}
