package dev.slipway.server.api;

import dev.slipway.core.control.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A JSON object of a request, read field by field; what is wrong is noted, all of it at once. A
/// field that nobody asked for is wrong, too: a wish that is spelt wrongly must not be passed over.
/// `null` stands for absent. For one thread.
final class StrictObject {
  private final @Nullable JsonNode object;
  private final String path;
  private final List<Problem> problems;
  private final Set<String> known = new TreeSet<>();

  /// The body itself.
  static StrictObject of(JsonNode body) {
    return new StrictObject(body, "", new ArrayList<>());
  }

  private StrictObject(@Nullable JsonNode node, String path, List<Problem> problems) {
    this.path = path;
    this.problems = problems;
    if (node != null && !node.isObject()) {
      wrong(path, "is to be an object");
    }
    object = node != null && node.isObject() ? node : null;
  }

  List<Problem> problems() {
    return problems;
  }

  void wrong(String where, String message) {
    problems.add(new Problem(where.isEmpty() ? "/" : where, message));
  }

  String path(String name) {
    return path + "/" + name;
  }

  Optional<JsonNode> node(String name) {
    known.add(name);
    JsonNode node = object == null ? null : object.get(name);
    return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  /// The names of all fields but those that are null; none of them is unknown.
  List<String> names() {
    if (object == null) {
      return List.of();
    }
    known.addAll(object.propertyNames());
    return object.propertyNames().stream().filter(name -> !object.get(name).isNull()).toList();
  }

  /// The object of that name; one without fields where it is absent.
  StrictObject object(String name) {
    return new StrictObject(node(name).orElse(null), path(name), problems);
  }

  /// The objects of a list; none where it is absent.
  List<StrictObject> objects(String name, int most) {
    JsonNode list = list(name, most);
    List<StrictObject> objects = new ArrayList<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      objects.add(new StrictObject(list.get(i), path(name) + "/" + i, problems));
    }
    return objects;
  }

  /// The texts of a list; none where it is absent.
  List<String> texts(String name, int most) {
    JsonNode list = list(name, most);
    List<String> texts = new ArrayList<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      if (list.get(i).isString()) {
        texts.add(list.get(i).stringValue());
      } else {
        wrong(path(name) + "/" + i, "is to be a text");
      }
    }
    return texts;
  }

  private @Nullable JsonNode list(String name, int most) {
    JsonNode node = node(name).orElse(null);
    if (node != null && (!node.isArray() || node.size() > most)) {
      wrong(path(name), "is to be a list of at most " + most);
      return null;
    }
    return node;
  }

  Optional<String> text(String name) {
    JsonNode node = node(name).orElse(null);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isString()) {
      wrong(path(name), "is to be a text");
      return Optional.empty();
    }
    return Optional.of(node.stringValue());
  }

  boolean flag(String name, boolean otherwise) {
    JsonNode node = node(name).orElse(null);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      wrong(path(name), "is to be true or false");
      return otherwise;
    }
    return node.booleanValue();
  }

  int whole(String name, int least, int most, int otherwise) {
    double value = number(name, least, most, otherwise);
    if (value != Math.rint(value)) {
      wrong(path(name), "is to be a whole number");
      return otherwise;
    }
    return (int) value;
  }

  double number(String name, double least, double most, double otherwise) {
    JsonNode node = node(name).orElse(null);
    if (node == null) {
      return otherwise;
    }
    double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
    if (!(value >= least && value <= most)) {
      wrong(path(name), "is to be a number from %s to %s".formatted(text(least), text(most)));
      return otherwise;
    }
    return value;
  }

  /// Notes the fields that nobody asked for. To be called last.
  void endOfFields() {
    if (object == null) {
      return;
    }
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        wrong(path(name), "is unknown; there are " + String.join(", ", known));
      }
    }
  }

  private static String text(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}
