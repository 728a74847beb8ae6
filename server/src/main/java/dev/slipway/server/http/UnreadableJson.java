package dev.slipway.server.http;

/// A body that is no JSON.
public final class UnreadableJson extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnreadableJson(String message) {
    super(message);
  }

  /// What is wrong and where, in one line.
  public String details() {
    return String.valueOf(getMessage());
  }
}
