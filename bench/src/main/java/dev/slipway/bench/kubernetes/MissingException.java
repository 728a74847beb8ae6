package dev.slipway.bench.kubernetes;

/// Something that a measurement needs is not on this machine. The message says what.
public final class MissingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MissingException(String message) {
    super(message);
  }
}
