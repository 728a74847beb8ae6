package dev.slipway.core.scheduling;

/// A rule about where tasks stand in relation to others, by an attribute of their nodes.
///
/// @param of the tasks that are counted: those of the same app, or of another one
/// @param weight how much it counts against a place that does not keep it; 0 where it must be kept
public record Rule(Kind kind, Footprint of, Attribute attribute, int limit, int weight) {
  /// What is asked of the number of tasks at a value of the attribute.
  public enum Kind {
    /// Fewer than the limit before the task comes.
    AT_MOST,
    /// Less than the limit above the least of all values whose nodes could take the task but for
    /// this kind of rule.
    EVEN,
    /// None, or as few as at any value that has some: Marathon's `GROUP_BY` without a value.
    LEVEL,
    /// Some, unless there are none anywhere.
    TOGETHER
  }

  /// Whether none of the tasks that are counted stands where the attribute has a value.
  boolean isNowhere() {
    return attribute.isComplete()
        ? of.total() == 0
        : of.by(attribute)[attribute.cardinality()] == 0;
  }

  boolean isRequired() {
    return weight == 0;
  }

  /// Whether a value may take the task.
  ///
  /// @param least what the values' numbers are compared with, its kind says of which
  boolean allows(int code, int least) {
    if (code == Attribute.NONE) {
      return false;
    }
    int here = of.by(attribute)[code];
    return switch (kind) {
      case AT_MOST -> here < limit;
      case EVEN -> here - least < limit;
      case LEVEL -> here == 0 || here == least;
      case TOGETHER -> here > 0 || isNowhere();
    };
  }

  /// What {@link Kind#LEVEL} compares with: the least number of all values that have some.
  int leastOfSome() {
    if (kind != Kind.LEVEL) {
      return 0;
    }
    int least = Integer.MAX_VALUE;
    int[] counts = of.by(attribute);
    for (int code = 0; code < attribute.cardinality(); code++) {
      least = counts[code] > 0 ? Math.min(least, counts[code]) : least;
    }
    return least == Integer.MAX_VALUE ? 0 : least;
  }
}
