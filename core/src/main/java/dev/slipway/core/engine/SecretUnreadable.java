package dev.slipway.core.engine;

/// A secret is in the store, but its value cannot be had now. The message says which secret, why
/// and what to do, and never holds a value.
public final class SecretUnreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SecretUnreadable(String message) {
    super(message);
  }

  public SecretUnreadable(String message, Throwable cause) {
    super(message, cause);
  }
}
