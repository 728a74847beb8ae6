package dev.slipway.server.marathon.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Draws what a generator needs again and again: whether, which, how many.
record Lots(SplittableRandom random) {
  boolean chance() {
    return random.nextBoolean();
  }

  <T> Optional<T> maybe(Supplier<T> value) {
    return chance() ? Optional.of(value.get()) : Optional.empty();
  }

  /// Up to two of them.
  <T> List<T> list(Supplier<T> value) {
    List<T> result = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      result.add(value.get());
    }
    return result;
  }

  <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }

  /// Up to two texts by names that begin so; some empty, some with letters that need escaping.
  SortedMap<String, String> texts(String prefix) {
    SortedMap<String, String> result = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      result.put(prefix + i, chance() ? "" : "value \"" + random.nextInt(9) + "\" ü");
    }
    return result;
  }

  /// Whole seconds, or any milliseconds.
  Duration duration() {
    return Duration.ofMillis(chance() ? 1000L * random.nextInt(3600) : random.nextInt(100_000));
  }

  /// From 0 to 1, in hundredths.
  double share() {
    return random.nextInt(101) / 100.0;
  }
}
