package dev.slipway.core.scheduling;

import java.util.List;

/// The choice among groups of nodes: each group enters with its best node, and the rules about
/// groups let it in, keep it off, or count against it.
final class GroupChoice {
  private final List<Rule> rules;
  private final boolean levels;
  private final int[] nodes;
  private final long[] keys;
  private final double[] scores;
  private final int[] unmet;

  /// @param levels whether nodes have levels, which are not to differ by more than one
  GroupChoice(Grouping grouping, List<Rule> rules, boolean levels) {
    this.rules = List.copyOf(rules);
    this.levels = levels;
    nodes = new int[grouping.count()];
    keys = new long[grouping.count()];
    scores = new double[grouping.count()];
    unmet = new int[grouping.count()];
  }

  /// Enters a node for its group, if it is better than the one that entered before.
  void enter(int group, int node, long key, double score) {
    if (keys[group] == Tournament.OUT
        || isBefore(key, score, node, keys[group], scores[group], nodes[group])) {
      keys[group] = key;
      scores[group] = score;
      nodes[group] = node;
    }
  }

  /// Begins anew; no group has a node.
  void clear() {
    java.util.Arrays.fill(keys, Tournament.OUT);
    java.util.Arrays.fill(unmet, 0);
  }

  /// The best node of the groups that are let in, or a negative number.
  int best(Grouping grouping) {
    for (int rule = 0; rule < rules.size(); rule++) {
      if (rules.get(rule).kind() != Rule.Kind.EVEN) {
        apply(grouping, rule, rules.get(rule).leastOfSome());
      }
    }
    applyEven(grouping);
    int best = -1;
    for (int group = 0; group < keys.length; group++) {
      if (keys[group] == Tournament.OUT) {
        continue;
      }
      long key = Rank.plusUnmet(keys[group], unmet[group]);
      keys[group] = key;
      if (best < 0
          || isBefore(key, scores[group], nodes[group], keys[best], scores[best], nodes[best])) {
        best = group;
      }
    }
    return best < 0 ? -1 : nodes[best];
  }

  private void apply(Grouping grouping, int rule, int least) {
    Rule applied = rules.get(rule);
    for (int group = 0; group < keys.length; group++) {
      if (keys[group] != Tournament.OUT && !applied.allows(grouping.code(group, rule), least)) {
        keys[group] = applied.isRequired() ? Tournament.OUT : keys[group];
        unmet[group] += applied.weight();
      }
    }
  }

  /// Values are compared as they are but for even spreads, so the least of each is found before any
  /// is kept off.
  private void applyEven(Grouping grouping) {
    int[] least = new int[rules.size()];
    for (int rule = 0; rule < rules.size(); rule++) {
      least[rule] = rules.get(rule).kind() == Rule.Kind.EVEN ? leastOpen(grouping, rule) : 0;
    }
    if (levels) {
      keepLevel();
    }
    for (int rule = 0; rule < rules.size(); rule++) {
      if (rules.get(rule).kind() == Rule.Kind.EVEN) {
        apply(grouping, rule, least[rule]);
      }
    }
  }

  /// The best of a group has the lowest level of it.
  private void keepLevel() {
    int lowest = Integer.MAX_VALUE;
    for (long key : keys) {
      lowest = key == Tournament.OUT ? lowest : Math.min(lowest, Rank.level(key));
    }
    for (int group = 0; group < keys.length; group++) {
      if (keys[group] != Tournament.OUT && Rank.level(keys[group]) > lowest) {
        keys[group] = Tournament.OUT;
      }
    }
  }

  private int leastOpen(Grouping grouping, int rule) {
    int[] counts = rules.get(rule).of().by(rules.get(rule).attribute());
    int least = Integer.MAX_VALUE;
    for (int group = 0; group < keys.length; group++) {
      int code = grouping.code(group, rule);
      if (keys[group] != Tournament.OUT && code != Attribute.NONE) {
        least = Math.min(least, counts[code]);
      }
    }
    return least == Integer.MAX_VALUE ? 0 : least;
  }

  private static boolean isBefore(
      long key, double score, int node, long otherKey, double otherScore, int otherNode) {
    if (key != otherKey) {
      return key < otherKey;
    }
    return score != otherScore ? score < otherScore : node < otherNode;
  }
}
