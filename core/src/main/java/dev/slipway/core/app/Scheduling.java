package dev.slipway.core.app;

import java.util.List;
import java.util.OptionalInt;

/// What an app asks of its placement beyond Marathon's constraints.
///
/// A rule without a weight is required: a node that breaks it does not take the instance. A rule
/// with one is preferred: the more weight a node leaves unmet, the later it is chosen.
///
/// @param spread over which values of an attribute its instances are to be even
/// @param affinity next to which apps its instances are to stand
/// @param antiAffinity apart from which apps they are to stand; may name the app itself
/// @param priority who goes first, and who makes room for whom; 0 unless told otherwise
/// @param daemon whether it runs once on each node that can take it, however many these are
/// @param gang whether its instances are placed all together or not at all
/// @param tolerateDisruption whether it goes to the nodes first that are likeliest to vanish
public record Scheduling(
    List<Spread> spread,
    List<Affinity> affinity,
    List<Affinity> antiAffinity,
    int priority,
    boolean daemon,
    boolean gang,
    boolean tolerateDisruption) {
  /// Rules of each kind, at most.
  public static final int MOST_RULES = 20;

  public static final int LEAST_PRIORITY = -1000;
  public static final int MOST_PRIORITY = 1000;

  public static final Scheduling NONE =
      new Scheduling(List.of(), List.of(), List.of(), 0, false, false, false);

  /// For an app that would rather not be disrupted.
  public Scheduling(
      List<Spread> spread,
      List<Affinity> affinity,
      List<Affinity> antiAffinity,
      int priority,
      boolean daemon,
      boolean gang) {
    this(spread, affinity, antiAffinity, priority, daemon, gang, false);
  }

  public Scheduling {
    spread = few(spread);
    affinity = few(affinity);
    antiAffinity = few(antiAffinity);
    if (priority < LEAST_PRIORITY || priority > MOST_PRIORITY) {
      throw new IllegalArgumentException(
          "a priority lies within " + LEAST_PRIORITY + " to " + MOST_PRIORITY);
    }
    if (daemon && gang) {
      throw new IllegalArgumentException("a daemon cannot be a gang");
    }
  }

  /// The same for an app that tolerates disruption, or does not.
  public Scheduling toleratingDisruption(boolean tolerates) {
    return new Scheduling(spread, affinity, antiAffinity, priority, daemon, gang, tolerates);
  }

  /// Instances are even over the values of an attribute.
  ///
  /// @param attribute as in a constraint: `hostname`, `@zone`, or the name of a node's attribute
  /// @param maxSkew by how many instances two values that can take one may differ
  /// @param weight of the preference; none where it is required
  public record Spread(String attribute, int maxSkew, OptionalInt weight) {
    public static final int MOST_SKEW = 1000;

    public Spread {
      if (maxSkew < 1 || maxSkew > MOST_SKEW) {
        throw new IllegalArgumentException("a skew lies within 1 to " + MOST_SKEW);
      }
      check(attribute, weight);
    }
  }

  /// Instances stand with, or apart from, those of an app.
  ///
  /// @param app whose instances are meant
  /// @param attribute of which nodes have to have the same value, or must not; `hostname` for the
  ///     very node
  /// @param weight of the preference; none where it is required
  public record Affinity(PathId app, String attribute, OptionalInt weight) {
    /// What is meant where a client names no attribute.
    public static final String SAME_NODE = "hostname";

    public Affinity {
      if (app.isRoot()) {
        throw new IllegalArgumentException("an affinity is to an app, not to the root group");
      }
      check(attribute, weight);
    }
  }

  private static void check(String attribute, OptionalInt weight) {
    if (attribute.isEmpty()) {
      throw new IllegalArgumentException("an attribute has a name");
    }
    if (weight.isPresent()
        && (weight.getAsInt() < 1 || weight.getAsInt() > Preference.MOST_WEIGHT)) {
      throw new IllegalArgumentException("a weight lies within 1 to " + Preference.MOST_WEIGHT);
    }
  }

  private static <T> List<T> few(List<T> rules) {
    if (rules.size() > MOST_RULES) {
      throw new IllegalArgumentException("at most " + MOST_RULES + " rules of a kind");
    }
    return List.copyOf(rules);
  }
}
