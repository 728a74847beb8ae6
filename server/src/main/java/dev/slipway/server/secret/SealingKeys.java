package dev.slipway.server.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The keys that a store has: one that it seals with, and during a rotation the one before it.
///
/// @param all the current one first
record SealingKeys(List<SealingKey> all) {
  /// More than a rotation leaves; a file with more is not ours.
  static final int MAX_KEYS = 4;

  SealingKeys {
    all = List.copyOf(all);
    if (all.isEmpty() || all.size() > MAX_KEYS) {
      throw new IllegalArgumentException("there are 1 to " + MAX_KEYS + " keys");
    }
  }

  SealingKey current() {
    return all.getFirst();
  }

  Optional<SealingKey> byId(String id) {
    return all.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  boolean isRotating() {
    return all.size() > 1;
  }

  /// With a new key that values are sealed with from now on.
  SealingKeys followedBy(SealingKey next) {
    List<SealingKey> keys = new ArrayList<>(all);
    keys.addFirst(next);
    return new SealingKeys(keys);
  }

  SealingKeys currentAlone() {
    return new SealingKeys(List.of(current()));
  }
}
