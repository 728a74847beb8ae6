package dev.slipway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads YAML into the same tree as JSON, with anchors, aliases and merge keys (`<<`).
///
/// Nothing but plain values can come of it: tags make no objects. An alias names something complete
/// above it, so no circle can arise; what all aliases unfold to is counted, so that a small file
/// cannot become a huge one.
final class YamlTree {
  static final int MOST_VALUES = 100_000;
  private static final int DEEPEST = 100;

  private final YAMLParser parser;
  private final Map<String, Counted> anchors = new HashMap<>();

  /// @param size how many values it unfolds to
  private record Counted(Json json, int size) {}

  private YamlTree(YAMLParser parser) {
    this.parser = parser;
  }

  static Json read(byte[] bytes) {
    try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), bytes)) {
      YAMLParser yaml = (YAMLParser) parser;
      if (yaml.nextToken() == null) {
        return Json.NOTHING;
      }
      Json json = new YamlTree(yaml).value(0).json;
      if (yaml.nextToken() != null) {
        throw Complaint.of(Exit.USAGE, "The YAML holds several documents; deploy one at a time");
      }
      return json;
    }
  }

  private Counted value(int depth) {
    if (depth > DEEPEST) {
      throw Complaint.of(Exit.USAGE, "The YAML is nested deeper than " + DEEPEST);
    }
    if (parser.isCurrentAlias()) {
      return aliased(parser.getString());
    }
    Object anchor = parser.getObjectId();
    Counted read =
        switch (parser.currentToken()) {
          case START_OBJECT -> object(depth);
          case START_ARRAY -> array(depth);
          case VALUE_STRING -> new Counted(new Json(parser.getString()), 1);
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              new Counted(new Json(parser.getNumberValue()), 1);
          case VALUE_TRUE -> new Counted(new Json(true), 1);
          case VALUE_FALSE -> new Counted(new Json(false), 1);
          default -> new Counted(Json.NOTHING, 1);
        };
    if (anchor != null) {
      anchors.put(anchor.toString(), read);
    }
    return read;
  }

  private Counted aliased(String name) {
    @Nullable Counted known = anchors.get(name);
    if (known == null) {
      throw Complaint.of(Exit.USAGE, "The YAML's alias *" + name + " names nothing above it");
    }
    return known;
  }

  private Counted object(int depth) {
    Map<String, Json> fields = new LinkedHashMap<>();
    Map<String, Json> merged = new LinkedHashMap<>();
    int size = 1;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      Counted field = value(depth + 1);
      size = bounded(size + field.size);
      if (name.equals("<<")) {
        merge(field.json, merged);
      } else if (fields.put(name, field.json) != null) {
        throw Complaint.of(Exit.USAGE, "The YAML names '" + Words.printable(name) + "' twice");
      }
    }
    merged.forEach(fields::putIfAbsent);
    return new Counted(new Json(fields), size);
  }

  /// A merge key takes one map, or a list of maps of which the earlier win.
  private static void merge(Json source, Map<String, Json> merged) {
    if (source.isArray()) {
      source.items().forEach(item -> merge(item, merged));
      return;
    }
    source.fields().forEach(merged::putIfAbsent);
  }

  private Counted array(int depth) {
    List<Json> items = new ArrayList<>();
    int size = 1;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Counted item = value(depth + 1);
      size = bounded(size + item.size);
      items.add(item.json);
    }
    return new Counted(new Json(items), size);
  }

  private static int bounded(int size) {
    if (size > MOST_VALUES) {
      throw Complaint.of(Exit.USAGE, "The YAML unfolds to more than " + MOST_VALUES + " values");
    }
    return size;
  }
}
