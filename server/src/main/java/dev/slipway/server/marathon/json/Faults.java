package dev.slipway.server.marathon.json;

import dev.slipway.core.control.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is wrong with a body, collected while it is read so that a client is told everything at
/// once. A part that is looked at twice is complained of once.
public final class Faults {
  private final Set<Problem> types = new LinkedHashSet<>();
  private final Set<Problem> values = new LinkedHashSet<>();

  /// Something is of the wrong JSON type or missing; `error` is a word of play-json, which
  /// Marathon's clients know: `error.expected.jsstring`.
  void type(String path, String error) {
    types.add(new Problem(path, error));
  }

  /// Something has a value that is not allowed.
  public void value(String path, String message) {
    values.add(new Problem(path, message));
  }

  public List<Problem> types() {
    return List.copyOf(types);
  }

  public List<Problem> values() {
    return List.copyOf(values);
  }

  public boolean isEmpty() {
    return types.isEmpty() && values.isEmpty();
  }
}
