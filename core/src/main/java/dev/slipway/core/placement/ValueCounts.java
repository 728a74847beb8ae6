package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How many instances of an app stand where an attribute has which value, and which of them is the
/// oldest. Grows; not for more than one thread.
final class ValueCounts {
  private static final Comparator<Instance> OLDEST_FIRST =
      Comparator.comparing(Instance::scheduledAt).thenComparing(Instance::id);

  private record Group(int count, Instance oldest) {}

  private final TreeMap<String, Group> groups = new TreeMap<>();
  private @Nullable Instance oldest;
  private @Nullable String first;

  void add(String value, Instance instance) {
    groups.merge(
        value,
        new Group(1, instance),
        (known, one) -> new Group(known.count() + 1, older(known.oldest(), instance)));
    if (oldest == null || OLDEST_FIRST.compare(instance, oldest) < 0) {
      oldest = instance;
      first = value;
    }
  }

  private static Instance older(Instance one, Instance other) {
    return OLDEST_FIRST.compare(one, other) <= 0 ? one : other;
  }

  int count(String value) {
    Group group = groups.get(value);
    return group == null ? 0 : group.count();
  }

  /// The least number that any value with instances has; 0 when there are none.
  int least() {
    return groups.values().stream().mapToInt(Group::count).min().orElse(0);
  }

  /// The oldest instance there.
  Optional<InstanceId> oldest(String value) {
    return Optional.ofNullable(groups.get(value)).map(group -> group.oldest().id());
  }

  /// The value of the oldest instance of all.
  Optional<String> first() {
    return Optional.ofNullable(first);
  }

  Set<String> values() {
    return groups.keySet();
  }
}
