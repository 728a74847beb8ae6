package dev.slipway.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as this server reads and writes it.
///
/// Strict when reading: one value and nothing after it, no key twice, at most {@link #MAX_DEPTH}
/// deep, names, numbers and strings of bounded length, no `NaN`, no comments. What is absent is
/// left out when writing, since clients with closed models stumble over `null`; fields come in the
/// order in which they are declared.
public final class Json {
  public static final int MAX_DEPTH = 64;

  private static final int MAX_NUMBER_LENGTH = 100;
  private static final int MAX_NAME_LENGTH = 4096;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxNameLength(MAX_NAME_LENGTH)
                          .maxStringLength((int) HttpLimits.BODY_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .changeDefaultPropertyInclusion(
              included -> included.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private Json() {}

  /// The mapper that all of the server shares: making one is slow.
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /// Reads a body.
  ///
  /// @throws UnreadableJson when it is not exactly one JSON value, or breaks a limit
  public static JsonNode read(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node == null || node.isMissingNode()) {
        throw new UnreadableJson("the body is empty");
      }
      return node;
    } catch (StreamConstraintsException e) {
      throw new UnreadableJson(e.getOriginalMessage());
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new UnreadableJson(
          at == null
              ? e.getOriginalMessage()
              : "%s (line %d, column %d)"
                  .formatted(e.getOriginalMessage(), at.getLineNr(), at.getColumnNr()));
    }
  }

  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  public static String text(Object value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  /// Answers with `value` as JSON.
  public static void answer(Context context, Object value) {
    context.contentType("application/json").result(write(value));
  }

  /// A JSON string, with its quotes, for the places where nothing else is written.
  static String quoted(String text) {
    return text(text);
  }
}
