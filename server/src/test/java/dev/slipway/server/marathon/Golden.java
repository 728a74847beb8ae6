package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/// JSON held against a file next to the tests. What came out is left in `target/golden`, to be
/// looked at and, if it is right, copied over.
final class Golden {
  private static final JsonMapper PRETTY = JsonMapper.builder().build();

  private Golden() {}

  static void check(String name, String json) throws IOException {
    var actual = Json.read(json.getBytes(StandardCharsets.UTF_8));
    Path left = Path.of("target", "golden", name);
    Files.createDirectories(left.getParent());
    Files.writeString(
        left, PRETTY.writerWithDefaultPrettyPrinter().writeValueAsString(actual) + "\n");
    try (var expected = Golden.class.getResourceAsStream(name)) {
      assertThat(expected).as("golden file %s; what came out is in %s", name, left).isNotNull();
      if (expected != null) {
        assertThat(actual).as(name).isEqualTo(Json.read(expected.readAllBytes()));
      }
    }
  }
}
