package dev.slipway.core.placement;

import dev.slipway.core.app.Sorted;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How the platform as a whole deals with its nodes, as its operators decided it.
///
/// @param cpuOvercommitPercent how much of each node's processors is offered to apps, in percent of
///     what there is, from {@link #LEAST_PERCENT} to {@link #MOST_PERCENT}; memory, disk and GPUs
///     are never offered twice
/// @param headroom what is kept free, by the names of the classes; at most {@link #MOST_CLASSES},
///     and {@link HeadroomClass#MOST_SLOTS} slots in all
public record PlacementPolicy(
    int cpuOvercommitPercent,
    SortedMap<String, HeadroomClass> headroom,
    Preemption preemption,
    Rebalancing rebalancing) {
  public static final int LEAST_PERCENT = 100;
  public static final int MOST_PERCENT = 1000;
  public static final int MOST_CLASSES = 50;

  /// What a class of headroom may be called.
  public static final Pattern CLASS_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /// Who makes room for more important apps.
  ///
  /// @param enabled whether anybody does
  /// @param victimsPerMinute how many instances at most are ended for others in a minute, of all
  ///     apps together; from 1 to {@link #MOST_VICTIMS}
  public record Preemption(boolean enabled, int victimsPerMinute) {
    public static final int MOST_VICTIMS = 10_000;
    public static final Preemption DEFAULT = new Preemption(true, 60);

    public Preemption {
      check("victimsPerMinute", victimsPerMinute, 1, MOST_VICTIMS);
    }
  }

  /// How running instances are moved together, so that nodes become free.
  ///
  /// @param automatic whether it is done without being asked for
  /// @param movesAtOnce how many instances at most are on their way, from 1 to {@link #MOST_MOVES}
  /// @param minimumGain the least that is worth moving for: which part of what the ready nodes
  ///     offer has to be freed as whole nodes, from 0 to 1
  /// @param interval how long at least after one plan the next is thought of, in whole seconds
  public record Rebalancing(
      boolean automatic, int movesAtOnce, double minimumGain, Duration interval) {
    public static final int MOST_MOVES = 1000;
    public static final Duration SHORTEST = Duration.ofSeconds(10);
    public static final Duration LONGEST = Duration.ofDays(7);
    public static final Rebalancing DEFAULT =
        new Rebalancing(false, 5, 0.05, Duration.ofMinutes(10));

    public Rebalancing {
      check("movesAtOnce", movesAtOnce, 1, MOST_MOVES);
      if (!(minimumGain >= 0 && minimumGain <= 1)) {
        throw new IllegalArgumentException("minimumGain lies within 0 to 1");
      }
      if (interval.compareTo(SHORTEST) < 0
          || interval.compareTo(LONGEST) > 0
          || interval.toNanosPart() != 0) {
        throw new IllegalArgumentException(
            "the interval lies within %d to %d whole seconds"
                .formatted(SHORTEST.toSeconds(), LONGEST.toSeconds()));
      }
    }
  }

  /// What holds until somebody decides otherwise.
  public static final PlacementPolicy DEFAULT =
      new PlacementPolicy(LEAST_PERCENT, new TreeMap<>(), Preemption.DEFAULT, Rebalancing.DEFAULT);

  public PlacementPolicy {
    check("cpuOvercommitPercent", cpuOvercommitPercent, LEAST_PERCENT, MOST_PERCENT);
    headroom = Sorted.copyOf(headroom);
    if (headroom.size() > MOST_CLASSES) {
      throw new IllegalArgumentException("at most " + MOST_CLASSES + " classes of headroom");
    }
    if (!headroom.keySet().stream().allMatch(name -> CLASS_NAME.matcher(name).matches())) {
      throw new IllegalArgumentException("a class of headroom has a name of a-z, 0-9 and -");
    }
    if (slots(headroom) > HeadroomClass.MOST_SLOTS) {
      throw new IllegalArgumentException(
          "all classes of headroom together have at most " + HeadroomClass.MOST_SLOTS + " slots");
    }
  }

  /// With so much of each node's processors offered.
  public PlacementPolicy withCpuOvercommit(int percent) {
    return new PlacementPolicy(percent, headroom, preemption, rebalancing);
  }

  /// With these classes kept free instead.
  public PlacementPolicy withHeadroom(SortedMap<String, HeadroomClass> classes) {
    return new PlacementPolicy(cpuOvercommitPercent, classes, preemption, rebalancing);
  }

  public PlacementPolicy with(Preemption wanted) {
    return new PlacementPolicy(cpuOvercommitPercent, headroom, wanted, rebalancing);
  }

  public PlacementPolicy with(Rebalancing wanted) {
    return new PlacementPolicy(cpuOvercommitPercent, headroom, preemption, wanted);
  }

  private static long slots(SortedMap<String, HeadroomClass> headroom) {
    return headroom.values().stream().mapToLong(HeadroomClass::count).sum();
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException("%s lies within %d to %d".formatted(name, least, most));
    }
  }
}
