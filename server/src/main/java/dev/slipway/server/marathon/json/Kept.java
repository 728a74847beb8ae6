package dev.slipway.server.marathon.json;

import dev.slipway.server.http.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// JSON that is kept as it was given, and written as the object that it is.
final class Kept {
  private Kept() {}

  static JsonNode object(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
