package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds the instances of an earlier generation that still run and are what a spec wants.
@FunctionalInterface
interface Survivors {
  /// Knows none.
  Survivors NONE = spec -> Optional.empty();

  /// The newest generation of which instances run that are as good as ones of `spec`.
  Optional<Instant> generation(AppSpec spec);

  static Survivors of(State state) {
    return spec -> {
      SortedMap<Instant, Instant> versions = new TreeMap<>();
      for (Instance instance : state.instancesOf(spec.id()).values()) {
        boolean stays =
            instance.condition() != Condition.KILLING
                && instance.condition() != Condition.SCHEDULED;
        if (stays) {
          versions.put(instance.generation(), instance.version());
        }
      }
      for (var known : versions.reversed().entrySet()) {
        Optional<App> app = state.app(spec.id(), known.getValue());
        if (app.isPresent() && app.get().spec().launchesLike(spec)) {
          return Optional.of(known.getKey());
        }
      }
      return Optional.empty();
    };
  }
}
