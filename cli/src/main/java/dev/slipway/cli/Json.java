package dev.slipway.cli;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON value as it came, read leniently: what is absent is [#NOTHING], so that an older or newer
/// server does not break the command.
///
/// A small tree over Jackson's streaming parser, since binding (`ObjectMapper`) costs 300 ms at
/// start where this costs
/// 60. Depth and lengths are bounded by Jackson's read constraints.
///
/// @param value null, [Boolean], [Number], [String], `List<Json>` or `Map<String, Json>`
public record Json(@Nullable Object value) {
  public static final Json NOTHING = new Json(null);
  static final JsonFactory FACTORY = new JsonFactory();

  public static Json read(byte[] bytes) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      return parser.nextToken() == null ? NOTHING : read(parser);
    }
  }

  private static Json read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, read(parser));
        }
        yield new Json(fields);
      }
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(read(parser));
        }
        yield new Json(items);
      }
      case VALUE_STRING -> new Json(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json(parser.getNumberValue());
      case VALUE_TRUE -> new Json(true);
      case VALUE_FALSE -> new Json(false);
      default -> NOTHING;
    };
  }

  public static Json object(Map<String, ?> fields) {
    Map<String, Json> values = new LinkedHashMap<>();
    fields.forEach((name, value) -> values.put(name, of(value)));
    return new Json(values);
  }

  public static Json of(@Nullable Object value) {
    return switch (value) {
      case null -> NOTHING;
      case Json json -> json;
      case List<?> list -> new Json(list.stream().map(Json::of).toList());
      default -> new Json(value);
    };
  }

  /// The field of that name, or [#NOTHING].
  public Json at(String name) {
    Json field = fields().get(name);
    return field == null ? NOTHING : field;
  }

  public boolean has(String name) {
    return at(name).present();
  }

  public boolean present() {
    return value != null;
  }

  @SuppressWarnings("unchecked") // every map in a tree was made above
  public Map<String, Json> fields() {
    return value instanceof Map<?, ?> map ? (Map<String, Json>) map : Map.of();
  }

  @SuppressWarnings("unchecked") // every list in a tree was made above
  public List<Json> items() {
    return value instanceof List<?> list ? (List<Json>) list : List.of();
  }

  public boolean isObject() {
    return value instanceof Map;
  }

  public boolean isArray() {
    return value instanceof List;
  }

  /// The text, a number's or flag's text, or "" for anything else.
  public String text() {
    return text("");
  }

  public String text(String otherwise) {
    // No pattern switch: its bootstrap costs the start of every command 10 ms.
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : otherwise;
  }

  public long whole() {
    return value instanceof Number number ? number.longValue() : 0;
  }

  public double number() {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  public boolean flag() {
    return Boolean.TRUE.equals(value);
  }

  public List<String> texts() {
    return items().stream().map(Json::text).toList();
  }

  /// The same object with one field more, or another value for it.
  public Json with(String name, @Nullable Object field) {
    Map<String, Json> copy = new LinkedHashMap<>(fields());
    copy.put(name, of(field));
    return new Json(copy);
  }

  /// Compact JSON on one line.
  public String write() {
    var text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(generator);
    }
    return text.toString();
  }

  private void write(JsonGenerator generator) {
    switch (value) {
      case null -> generator.writeNull();
      case Map<?, ?> map -> {
        generator.writeStartObject();
        fields()
            .forEach(
                (name, field) -> {
                  generator.writeName(name);
                  field.write(generator);
                });
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        items().forEach(item -> item.write(generator));
        generator.writeEndArray();
      }
      case Boolean flag -> generator.writeBoolean(flag);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case java.math.BigInteger number -> generator.writeNumber(number);
      case java.math.BigDecimal number -> generator.writeNumber(number);
      case Number number -> generator.writeNumber(number.doubleValue());
      default -> generator.writeString(value.toString());
    }
  }

  @Override
  public String toString() {
    return write();
  }
}
