package dev.slipway.core.scheduling;

import java.util.Arrays;
import java.util.List;

/// The choice among groups of nodes: each group enters with its best node, and the rules about
/// groups let it in, keep it off, or count against it. Used again and again, so that nothing is
/// left to collect.
final class GroupChoice {
  private final Rule[] rules;
  private final boolean levels;

  /// By rule, then by group: the code of the value that the group's nodes have.
  private final int[][] codes;

  private final int[] least;
  private final int[] nodes;
  private final long[] keys;
  private final long[] scores;
  private final int[] unmet;

  /// @param representatives a node of each group
  /// @param levels whether nodes have levels, which are not to differ by more than one
  GroupChoice(int[] representatives, List<Rule> rules, boolean levels) {
    this.rules = rules.toArray(new Rule[0]);
    this.levels = levels;
    codes = new int[this.rules.length][representatives.length];
    for (int rule = 0; rule < codes.length; rule++) {
      Attribute attribute = this.rules[rule].attribute();
      Arrays.setAll(codes[rule], group -> attribute.code(representatives[group]));
    }
    least = new int[codes.length];
    nodes = new int[representatives.length];
    keys = new long[representatives.length];
    scores = new long[representatives.length];
    unmet = new int[representatives.length];
  }

  /// Enters a node for its group, if it is better than the one that entered before.
  void enter(int group, int node, long key, long score) {
    if (isBefore(key, score, node, keys[group], scores[group], nodes[group])) {
      keys[group] = key;
      scores[group] = score;
      nodes[group] = node;
    }
  }

  /// Begins anew; no group has a node.
  void clear() {
    Arrays.fill(keys, Tournament.OUT);
    Arrays.fill(unmet, 0);
  }

  /// The best node of the groups that are let in, or {@link Tournament#NOBODY}.
  int best() {
    if (rules.length > 0) {
      applyRules();
    }
    int best = -1;
    for (int group = 0; group < keys.length; group++) {
      if (keys[group] != Tournament.OUT
          && (best < 0
              || isBefore(
                  keys[group],
                  scores[group],
                  nodes[group],
                  keys[best],
                  scores[best],
                  nodes[best]))) {
        best = group;
      }
    }
    return best < 0 ? Tournament.NOBODY : nodes[best];
  }

  /// Values are compared as they are but for even spreads, so the least of each is found before any
  /// is kept off.
  private void applyRules() {
    for (int rule = 0; rule < rules.length; rule++) {
      if (rules[rule].kind() != Rule.Kind.EVEN) {
        apply(rule, rules[rule].leastOfSome());
      }
    }
    for (int rule = 0; rule < rules.length; rule++) {
      least[rule] = rules[rule].kind() == Rule.Kind.EVEN ? leastOpen(rule) : 0;
    }
    if (levels) {
      keepLevel();
    }
    for (int rule = 0; rule < rules.length; rule++) {
      if (rules[rule].kind() == Rule.Kind.EVEN) {
        apply(rule, least[rule]);
      }
    }
    for (int group = 0; group < keys.length; group++) {
      if (keys[group] != Tournament.OUT) {
        keys[group] = Rank.plusUnmet(keys[group], unmet[group]);
      }
    }
  }

  private void apply(int rule, int least) {
    Rule applied = rules[rule];
    for (int group = 0; group < keys.length; group++) {
      if (keys[group] != Tournament.OUT && !applied.allows(codes[rule][group], least)) {
        keys[group] = applied.isRequired() ? Tournament.OUT : keys[group];
        unmet[group] += applied.weight();
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

  private int leastOpen(int rule) {
    int[] counts = rules[rule].of().by(rules[rule].attribute());
    int least = Integer.MAX_VALUE;
    for (int group = 0; group < keys.length; group++) {
      int code = codes[rule][group];
      if (keys[group] != Tournament.OUT && code != Attribute.NONE) {
        least = Math.min(least, counts[code]);
      }
    }
    return least == Integer.MAX_VALUE ? 0 : least;
  }

  private static boolean isBefore(
      long key, long score, int node, long otherKey, long otherScore, int otherNode) {
    if (key != otherKey) {
      return key < otherKey;
    }
    return score != otherScore ? score < otherScore : node < otherNode;
  }
}
