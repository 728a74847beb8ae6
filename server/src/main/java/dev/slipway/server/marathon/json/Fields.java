package dev.slipway.server.marathon.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/// The fields of a JSON object, read by name and type. `null` stands for absent, as in Marathon. A
/// field of the wrong type is noted as a fault and then treated as absent.
///
/// @param path where the object stands, empty for the body itself
public record Fields(JsonNode object, String path, Faults faults) {
  /// Up to here a whole number is exact as a floating one.
  private static final double MOST_EXACT = 1e15;

  /// The object at `path`, or nothing and a fault if it is none.
  public static Optional<Fields> of(JsonNode node, String path, Faults faults) {
    if (!node.isObject()) {
      faults.type(path.isEmpty() ? "/" : path, "error.expected.jsobject");
      return Optional.empty();
    }
    return Optional.of(new Fields(node, path, faults));
  }

  /// The body itself.
  public static Optional<Fields> of(JsonNode body, Faults faults) {
    return of(body, "", faults);
  }

  public String path(String name) {
    return path + "/" + name;
  }

  /// Notes that a field has a value that is not allowed.
  public void wrong(String name, String message) {
    faults.value(path(name), message);
  }

  /// Notes that the object as a whole is not allowed.
  public void wrong(String message) {
    faults.value(path.isEmpty() ? "/" : path, message);
  }

  /// Notes that a field has to be there and is not.
  public void missing(String name) {
    faults.type(path(name), "error.path.missing");
  }

  Optional<JsonNode> node(String name) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  public boolean has(String name) {
    return node(name).isPresent();
  }

  public Optional<String> text(String name) {
    return node(name).flatMap(node -> text(node, path(name)));
  }

  Optional<String> text(JsonNode node, String where) {
    if (!node.isString()) {
      faults.type(where, "error.expected.jsstring");
      return Optional.empty();
    }
    return Optional.of(node.stringValue());
  }

  public Optional<Boolean> flag(String name) {
    return node(name)
        .flatMap(
            node -> {
              if (!node.isBoolean()) {
                faults.type(path(name), "error.expected.jsboolean");
                return Optional.empty();
              }
              return Optional.of(node.booleanValue());
            });
  }

  public Optional<Double> number(String name) {
    return node(name)
        .flatMap(
            node -> {
              double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
              if (!Double.isFinite(value)) {
                faults.type(path(name), "error.expected.jsnumber");
                return Optional.empty();
              }
              return Optional.of(value);
            });
  }

  public Optional<Integer> integer(String name) {
    return node(name).flatMap(node -> integer(node, path(name)));
  }

  Optional<Integer> integer(JsonNode node, String where) {
    if (!node.isNumber()) {
      faults.type(where, "error.expected.jsnumber");
      return Optional.empty();
    }
    double value = node.asDouble(Double.NaN);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      faults.type(where, "error.expected.int");
      return Optional.empty();
    }
    return Optional.of((int) value);
  }

  public Optional<Fields> object(String name) {
    return node(name).flatMap(node -> of(node, path(name), faults));
  }

  /// A list, each element read by `element`, which is told the element's path; unreadable ones are
  /// left out and have been noted.
  public <T> Optional<List<T>> list(
      String name, int most, BiFunction<JsonNode, String, Optional<T>> element) {
    return node(name)
        .flatMap(
            node -> {
              if (!node.isArray()) {
                faults.type(path(name), "error.expected.jsarray");
                return Optional.empty();
              }
              return Optional.of(elements(node, path(name), most, element));
            });
  }

  private <T> List<T> elements(
      JsonNode array, String where, int most, BiFunction<JsonNode, String, Optional<T>> element) {
    if (array.size() > most) {
      faults.value(where, "must have at most " + most + " elements, and has " + array.size());
      return List.of();
    }
    List<T> result = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      element.apply(array.get(i), where + "(" + i + ")").ifPresent(result::add);
    }
    return result;
  }

  public Optional<List<String>> textList(String name, int most) {
    return list(name, most, this::text);
  }

  /// One of some words; another one is a fault.
  <T> Optional<T> word(String name, Map<String, T> words) {
    Optional<String> given = text(name);
    Optional<T> known = given.map(words::get);
    if (given.isPresent() && known.isEmpty()) {
      wrong(name, "must be one of " + String.join(", ", words.keySet()));
    }
    return known;
  }

  /// A text with at least one character and at most `most`, none of them NUL.
  Optional<String> shortText(String name, int most) {
    return text(name).filter(text -> isShort(text, path(name), most));
  }

  boolean isShort(String text, String where, int most) {
    if (text.isEmpty()) {
      faults.value(where, "must not be empty");
      return false;
    }
    if (text.length() > most) {
      faults.value(where, "must have at most " + most + " characters");
      return false;
    }
    if (!AppLimits.isPlain(text)) {
      faults.value(where, "must not contain the character NUL");
      return false;
    }
    return true;
  }

  /// Like {@link #shortText}, for a field that has to be there.
  Optional<String> requiredText(String name, int most) {
    if (!has(name)) {
      missing(name);
    }
    return shortText(name, most);
  }

  /// A whole number that may be large.
  Optional<Long> wholeNumber(String name) {
    return node(name)
        .flatMap(
            node -> {
              double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
              if (!Double.isFinite(value)) {
                faults.type(path(name), "error.expected.jsnumber");
                return Optional.empty();
              }
              if (value != Math.rint(value) || Math.abs(value) > MOST_EXACT) {
                faults.type(path(name), "error.expected.long");
                return Optional.empty();
              }
              return Optional.of((long) value);
            });
  }

  /// An object whose values are all strings.
  public Optional<SortedMap<String, String>> texts(String name, int most) {
    return object(name)
        .map(
            inner -> {
              SortedMap<String, String> result = new TreeMap<>();
              if (inner.object.size() > most) {
                faults.value(inner.path, "must have at most " + most + " entries");
                return result;
              }
              for (String key : inner.object.propertyNames()) {
                inner.text(key).ifPresent(value -> result.put(key, value));
              }
              return result;
            });
  }
}
