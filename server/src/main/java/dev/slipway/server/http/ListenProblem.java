package dev.slipway.server.http;

/// The address cannot be listened on; the message is for the user.
public final class ListenProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  ListenProblem(String message, Throwable cause) {
    super(message, cause);
  }
}
