package dev.slipway.example.crawler.worker;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The settings of a role, which are environment variables. A wrong value is an error that names
/// the variable.
public final class Environment {
  private final Map<String, String> variables;

  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /// A variable whose value cannot be used. Its message is for the person who set it.
  public static final class BadSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadSetting(String message) {
      super(message);
    }
  }

  public boolean has(String name) {
    return !text(name, "").isEmpty();
  }

  public String text(String name, String otherwise) {
    String value = variables.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      return otherwise;
    }
    return value;
  }

  /// A list whose elements are separated by spaces or commas.
  public List<String> list(String name) {
    return Arrays.stream(text(name, "").split("[\\s,]+"))
        .filter(element -> !element.isEmpty())
        .toList();
  }

  public int number(String name, int otherwise, int minimum, int maximum) {
    return (int) decimal(name, otherwise, minimum, maximum);
  }

  public double decimal(String name, double otherwise, double minimum, double maximum) {
    String value = text(name, "");
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= minimum && number <= maximum) {
        return number;
      }
    } catch (NumberFormatException _) {
      // told below, as a number out of range is
    }
    throw new BadSetting(
        name + " is '" + value + "', it must be a number from " + minimum + " to " + maximum);
  }

  /// The address of another role: http or https with a host, without a slash at its end.
  public URI service(String name, String otherwise) {
    String value = text(name, otherwise);
    if (value.isEmpty()) {
      throw new BadSetting(
          name + " is not set, it must be the address of a server such as http://127.0.0.1:8080");
    }
    try {
      URI uri = URI.create(value.replaceAll("/+$", ""));
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // told below, as an address without a host is
    }
    throw new BadSetting(
        name + " is '" + value + "', it must be an address such as http://127.0.0.1:8080");
  }

  /// The port to listen on, PORT0 as the platform sets it; 0 takes any free one.
  public int port() {
    return number("PORT0", 0, 0, 65_535);
  }

  /// The address to listen on: this machine alone unless told otherwise.
  public String bind() {
    return text("BIND", "127.0.0.1");
  }
}
