package dev.slipway.server.http;

import java.util.Map;

/// A request that is not granted. The message is for the one who asked. Thrown by handlers; it ends
/// the request and is no fault, so it carries no stack trace.
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Map<String, String> headers;

  public Refusal(int status, String message) {
    this(status, message, Map.of());
  }

  /// @param headers to be sent with it
  public Refusal(int status, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  public static Refusal notFound(String message) {
    return new Refusal(404, message);
  }

  public static Refusal badRequest(String message) {
    return new Refusal(400, message);
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
