package dev.slipway.server.forward;

import dev.slipway.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What clients of either API read of a refusal.
final class Refusals {
  private Refusals() {}

  static byte[] body(String text) {
    return Json.mapper()
        .writeValueAsString(Map.of("message", text))
        .getBytes(StandardCharsets.UTF_8);
  }
}
