package dev.slipway.server.http;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;

/// What a client reads when a request failed: `{"message":...}` as Marathon's clients expect it,
/// and problem details (RFC 9457) under `/api/v1`.
record ErrorBody(String contentType, String text) {
  private static final String OWN_API = "/api/v1";

  static ErrorBody of(String path, int status, String message) {
    if (path.equals(OWN_API) || path.startsWith(OWN_API + "/")) {
      return new ErrorBody(
          "application/problem+json",
          "{\"type\":\"about:blank\",\"title\":%s,\"status\":%d,\"detail\":%s}"
              .formatted(Json.quoted(HttpStatus.getMessage(status)), status, Json.quoted(message)));
    }
    return new ErrorBody("application/json", "{\"message\":%s}".formatted(Json.quoted(message)));
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
