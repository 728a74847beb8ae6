package dev.slipway.core.state;

import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How many instances an app has of each version, kept as they change, so that the usual question,
/// whether all is as it should be, costs the same however many there are.
public record Tally(PersistentMap<Instant, Counts> byVersion) {
  static final Tally NONE = new Tally(PersistentMap.empty());

  /// The instances of one version.
  ///
  /// @param all those that are not over
  /// @param ready those that are ready where they have no health checks
  /// @param well those of them whose health checks say so
  /// @param away those that nothing is heard of, or that are being ended
  /// @param givenUp those of them that were given up with their silent nodes: a machine that is
  /// lost
  ///     for good leaves them for ever, and nobody waits for them
  public record Counts(int all, int ready, int well, int away, int givenUp) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    private Counts plus(Instance instance, int sign) {
      return new Counts(
          all + sign,
          ready + (instance.isReady(false) ? sign : 0),
          well + (instance.isReady(true) ? sign : 0),
          away + (isAway(instance.condition()) ? sign : 0),
          givenUp + (instance.isGivenUp() ? sign : 0));
    }

    /// Whether any of them matters.
    public boolean matters() {
      return all > givenUp;
    }

    private static boolean isAway(Condition condition) {
      return switch (condition) {
        case UNREACHABLE, UNREACHABLE_INACTIVE, KILLING -> true;
        case SCHEDULED, PROVISIONED, STAGING, RUNNING, FINISHED, FAILED, KILLED, GONE, DROPPED ->
            false;
      };
    }
  }

  public int all() {
    int sum = 0;
    for (Counts counts : byVersion.values()) {
      sum += counts.all();
    }
    return sum;
  }

  /// Those of all, and of those away, that were given up with their silent nodes.
  public int givenUp() {
    int sum = 0;
    for (Counts counts : byVersion.values()) {
      sum += counts.givenUp();
    }
    return sum;
  }

  public int away() {
    int sum = 0;
    for (Counts counts : byVersion.values()) {
      sum += counts.away();
    }
    return sum;
  }

  /// The instances that are ready.
  ///
  /// @param checked the versions whose instances are asked for their health
  int ready(Set<Instant> checked) {
    int[] sum = {0};
    byVersion.forEach(
        (version, counts) -> sum[0] += checked.contains(version) ? counts.well() : counts.ready());
    return sum[0];
  }

  Tally replacing(@Nullable Instance before, @Nullable Instance after) {
    var next = byVersion;
    if (before != null) {
      next = changed(next, before, -1);
    }
    if (after != null) {
      next = changed(next, after, 1);
    }
    return new Tally(next);
  }

  private static PersistentMap<Instant, Counts> changed(
      PersistentMap<Instant, Counts> counts, Instance instance, int sign) {
    Counts next = counts.getOrDefault(instance.version(), Counts.NONE).plus(instance, sign);
    return next.all() == 0
        ? counts.remove(instance.version())
        : counts.put(instance.version(), next);
  }
}
