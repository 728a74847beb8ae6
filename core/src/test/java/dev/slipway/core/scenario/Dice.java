package dev.slipway.core.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/// Chances from a seed. Everybody who takes chances has dice of their own, so that one who takes
/// fewer of them leaves the others' as they were.
final class Dice {
  private final Random random;

  Dice(long seed, String name) {
    random = new Random(seed * 1_000_003 + name.hashCode());
  }

  boolean percent(int chance) {
    return chance > 0 && random.nextInt(100) < chance;
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  /// From 0 to `limit` - 1.
  int below(int limit) {
    return random.nextInt(limit);
  }

  Duration upTo(Duration longest) {
    return Duration.ofMillis(random.nextInt((int) longest.toMillis() + 1));
  }

  <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  @SafeVarargs
  final <T> T any(T... all) {
    return all[random.nextInt(all.length)];
  }
}
