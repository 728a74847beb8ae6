package dev.slipway.engine.local;

/// The engine cannot start as it was told to; the message is for the operator.
public final class EngineRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  EngineRefusal(String message) {
    super(message);
  }

  EngineRefusal(String message, Throwable cause) {
    super(message, cause);
  }
}
