package dev.slipway.server.marathon.json;

import dev.slipway.core.control.Problem;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a body, collected while it is read so that a client is told everything at
/// once.
public final class Faults {
  private final List<Problem> types = new ArrayList<>();
  private final List<Problem> values = new ArrayList<>();

  /// Something is of the wrong JSON type or missing; `error` is a word of play-json, which
  /// Marathon's clients know: `error.expected.jsstring`.
  void type(String path, String error) {
    types.add(new Problem(path, error));
  }

  /// Something has a value that is not allowed.
  void value(String path, String message) {
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
