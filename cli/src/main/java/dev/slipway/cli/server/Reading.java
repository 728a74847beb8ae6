package dev.slipway.cli.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what an option says, else what the environment says under the option's name: `--listen`
/// has SLIPWAY_LISTEN. What is blank says nothing.
record Reading(Map<String, String> environment) {
  /// @param name of the option, as it stands on the line
  Optional<String> text(String name, @Nullable Object given) {
    return Optional.ofNullable(given)
        .map(Object::toString)
        .or(() -> Optional.ofNullable(environment.get(variable(name))))
        .filter(text -> !text.isBlank());
  }

  /// In the environment a list has commas between.
  List<String> list(String name, List<String> given) {
    if (!given.isEmpty()) {
      return given;
    }
    return text(name, null).stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static String variable(String name) {
    return "SLIPWAY_" + name.substring("--".length()).replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
