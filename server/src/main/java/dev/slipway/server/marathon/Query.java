package dev.slipway.server.marathon;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The query of a request. Booleans are read as JAX-RS did: `true` in any case, everything else is
/// false; an empty value stands for none.
record Query(Map<String, List<String>> parameters) {
  Query {
    parameters = Map.copyOf(parameters);
  }

  Optional<String> text(String name) {
    return all(name).stream().filter(value -> !value.isEmpty()).findFirst();
  }

  List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  boolean flag(String name) {
    return flag(name, false);
  }

  boolean flag(String name, boolean otherwise) {
    return text(name).map(Boolean::parseBoolean).orElse(otherwise);
  }
}
