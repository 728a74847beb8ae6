package dev.slipway.engine.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A fetch order as JSON.
///
/// It is read token by token: each pod that fetches starts a JVM to read one, and a mapper of
/// objects would be a fifth of the classes that it loads.
final class FetchOrderText {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser parser;
  private final List<Fetch> artifacts = new ArrayList<>();
  private Optional<String> sandbox = Optional.empty();
  private String user = "";
  private Optional<Integer> owner = Optional.empty();
  private Optional<String> platform = Optional.empty();

  private FetchOrderText(JsonParser parser) {
    this.parser = parser;
  }

  static String of(FetchOrder order) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("sandbox", order.sandbox().toString());
      json.writeStringField("user", order.user());
      if (order.owner().isPresent()) {
        json.writeNumberField("owner", order.owner().get());
      }
      optional(json, "platform", order.platform().map(URI::toString));
      json.writeArrayFieldStart("artifacts");
      for (Fetch artifact : order.artifacts()) {
        write(json, artifact);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text in memory takes what is written", impossible);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Fetch artifact) throws IOException {
    json.writeStartObject();
    json.writeStringField("uri", artifact.uri());
    json.writeBooleanField("extract", artifact.extract());
    json.writeBooleanField("executable", artifact.executable());
    json.writeBooleanField("cache", artifact.cache());
    optional(json, "destPath", artifact.destPath());
    optional(json, "checksum", artifact.checksum());
    json.writeEndObject();
  }

  private static void optional(JsonGenerator json, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(field, value.get());
    }
  }

  /// @throws IllegalArgumentException when it is no order; the message quotes nothing of it
  static FetchOrder read(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      var order = new FetchOrderText(parser);
      order.object(order::field);
      return order.finished();
    } catch (IOException e) {
      throw new IllegalArgumentException("the fetch order is not JSON");
    }
  }

  private FetchOrder finished() {
    String where =
        sandbox.orElseThrow(() -> new IllegalArgumentException("the fetch order has no sandbox"));
    try {
      return new FetchOrder(artifacts, Path.of(where), user, owner, platform.map(URI::create));
    } catch (IllegalArgumentException e) {
      // What it complains of may be quoted in its message.
      throw new IllegalArgumentException(
          "the fetch order's sandbox or platform is not an absolute path or an address");
    }
  }

  private interface Field {
    /// Reads the value that the parser stands on.
    void read(String name) throws IOException;
  }

  private void object(Field field) throws IOException {
    expect(parser.currentToken() == null ? parser.nextToken() : parser.currentToken());
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      field.read(name);
    }
  }

  private static void expect(JsonToken token) {
    if (token != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("the fetch order is not an object of JSON");
    }
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "sandbox" -> sandbox = string();
      case "user" -> user = string().orElse("");
      case "owner" -> owner = Optional.of(parser.getIntValue());
      case "platform" -> platform = string();
      case "artifacts" -> {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          artifacts.add(artifact());
        }
      }
      default -> parser.skipChildren();
    }
  }

  private Optional<String> string() throws IOException {
    return Optional.ofNullable(parser.getValueAsString());
  }

  private Fetch artifact() throws IOException {
    var read = new Artifact();
    object(
        name -> {
          switch (name) {
            case "uri" -> read.uri = string();
            case "extract" -> read.extract = parser.getBooleanValue();
            case "executable" -> read.executable = parser.getBooleanValue();
            case "cache" -> read.cache = parser.getBooleanValue();
            case "destPath" -> read.destPath = string();
            case "checksum" -> read.checksum = string();
            default -> parser.skipChildren();
          }
        });
    return read.finished();
  }

  private static final class Artifact {
    private Optional<String> uri = Optional.empty();
    private boolean extract = true;
    private boolean executable;
    private boolean cache;
    private Optional<String> destPath = Optional.empty();
    private Optional<String> checksum = Optional.empty();

    Fetch finished() {
      return new Fetch(
          uri.orElseThrow(() -> new IllegalArgumentException("an artifact has no uri")),
          extract,
          executable,
          cache,
          destPath,
          checksum);
    }
  }
}
