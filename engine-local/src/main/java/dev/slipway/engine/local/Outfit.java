package dev.slipway.engine.local;

import dev.slipway.core.app.Sorted;
import dev.slipway.core.engine.SecretValue;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a task is given beside its sandbox.
///
/// @param variables the environment variables that hold secrets; kept in memory and in the task's
///     environment, never written
/// @param mounts what is to be mounted for it
record Outfit(SortedMap<String, SecretValue> variables, List<Mount> mounts) {
  static final Outfit NONE = new Outfit(new TreeMap<>(), List.of());

  Outfit {
    variables = Sorted.copyOf(variables);
    mounts = List.copyOf(mounts);
  }

  /// The reason why a task cannot be given what it asks for; the message is for users.
  static final class OutfitProblem extends Exception {
    private static final long serialVersionUID = 1;

    OutfitProblem(String message) {
      super(message);
    }
  }
}
