package dev.slipway.core.scheduling;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The choice among groups of nodes: each group enters with its best node, and the rules about
/// groups let it in, keep it off, or count against it. Groups that are alike for these rules are in
/// one contest, which only the best of them wins. Used again and again, so that nothing is left to
/// collect.
final class GroupChoice {
  private final Rule[] rules;
  private final boolean levels;

  /// Of each group its contest; null where all are in one, since there are no rules.
  private final int @Nullable [] contests;

  /// By rule, then by contest: the code of the value that its nodes have.
  private final int[][] codes;

  private final int[] least;
  private final int[] groups;
  private final int[] nodes;
  private final long[] keys;
  private final long[] scores;

  /// @param representatives a node of each group
  /// @param apart whether no two groups are alike for the rules, if there are any
  /// @param levels whether nodes have levels, which are not to differ by more than one
  GroupChoice(int[] representatives, boolean apart, List<Rule> rules, boolean levels) {
    this.rules = rules.toArray(new Rule[0]);
    this.levels = levels;
    contests = rules.isEmpty() ? null : new int[representatives.length];
    int[] first = rules.isEmpty() ? representatives : new int[representatives.length];
    int count = Math.min(1, representatives.length);
    if (contests != null) {
      count = 0;
      for (int group = 0; group < contests.length; group++) {
        contests[group] = apart ? count : alike(representatives, first, count, group);
        if (contests[group] == count) {
          first[count++] = representatives[group];
        }
      }
    }
    codes = new int[this.rules.length][count];
    for (int rule = 0; rule < codes.length; rule++) {
      Attribute attribute = this.rules[rule].attribute();
      Arrays.setAll(codes[rule], contest -> attribute.code(first[contest]));
    }
    least = new int[codes.length];
    groups = new int[count];
    nodes = new int[count];
    keys = new long[count];
    scores = new long[count];
  }

  /// The contest of those that are alike, or the number of contests where there is none.
  private int alike(int[] representatives, int[] first, int count, int group) {
    for (int contest = 0; contest < count; contest++) {
      boolean same = true;
      for (Rule rule : rules) {
        Attribute attribute = rule.attribute();
        same &= attribute.code(first[contest]) == attribute.code(representatives[group]);
      }
      if (same) {
        return contest;
      }
    }
    return count;
  }

  private int contest(int group) {
    return contests == null ? 0 : contests[group];
  }

  /// How many contests there are.
  int contests() {
    return groups.length;
  }

  /// Begins anew; no group has a node.
  void clear() {
    Arrays.fill(keys, Tournament.OUT);
  }

  /// Enters a node for its group, if it is better than the one that leads the contest.
  void enter(int group, int node, long key, long score) {
    if (leads(group, node, key, score)) {
      int contest = contest(group);
      groups[contest] = group;
      keys[contest] = key;
      scores[contest] = score;
      nodes[contest] = node;
    }
  }

  /// Whether the node would lead its contest.
  boolean leads(int group, int node, long key, long score) {
    int contest = contest(group);
    return isBefore(key, score, node, keys[contest], scores[contest], nodes[contest]);
  }

  /// The group that leads a contest, or a negative number where none does.
  int leader(int contest) {
    return keys[contest] == Tournament.OUT ? -1 : groups[contest];
  }

  /// The best node of the groups that are let in, or {@link Tournament#NOBODY}. What has entered is
  /// used up.
  int best() {
    if (rules.length > 0) {
      applyRules();
    }
    int best = -1;
    for (int contest = 0; contest < keys.length; contest++) {
      if (keys[contest] != Tournament.OUT
          && (best < 0
              || isBefore(
                  keys[contest],
                  scores[contest],
                  nodes[contest],
                  keys[best],
                  scores[best],
                  nodes[best]))) {
        best = contest;
      }
    }
    return best < 0 ? Tournament.NOBODY : nodes[best];
  }

  /// Values are compared as they are but for even spreads, so the least of each is found before any
  /// is kept off; and what is preferred counts once nobody looks at levels any more.
  private void applyRules() {
    for (int rule = 0; rule < rules.length; rule++) {
      if (rules[rule].kind() != Rule.Kind.EVEN && rules[rule].isRequired()) {
        least[rule] = rules[rule].leastOfSome();
        keepOff(rule);
      }
    }
    for (int rule = 0; rule < rules.length; rule++) {
      if (rules[rule].kind() == Rule.Kind.EVEN || !rules[rule].isRequired()) {
        least[rule] =
            rules[rule].kind() == Rule.Kind.EVEN ? leastOpen(rule) : rules[rule].leastOfSome();
      }
    }
    if (levels) {
      keepLevel();
    }
    for (int rule = 0; rule < rules.length; rule++) {
      if (!rules[rule].isRequired()) {
        countAgainst(rule);
      } else if (rules[rule].kind() == Rule.Kind.EVEN) {
        keepOff(rule);
      }
    }
  }

  private void keepOff(int rule) {
    for (int contest = 0; contest < keys.length; contest++) {
      if (keys[contest] != Tournament.OUT
          && !rules[rule].allows(codes[rule][contest], least[rule])) {
        keys[contest] = Tournament.OUT;
      }
    }
  }

  private void countAgainst(int rule) {
    for (int contest = 0; contest < keys.length; contest++) {
      if (keys[contest] != Tournament.OUT
          && !rules[rule].allows(codes[rule][contest], least[rule])) {
        keys[contest] = Rank.plusUnmet(keys[contest], rules[rule].weight());
      }
    }
  }

  /// The best of a contest has the lowest level of it.
  private void keepLevel() {
    int lowest = Integer.MAX_VALUE;
    for (long key : keys) {
      lowest = key == Tournament.OUT ? lowest : Math.min(lowest, Rank.level(key));
    }
    for (int contest = 0; contest < keys.length; contest++) {
      if (keys[contest] != Tournament.OUT && Rank.level(keys[contest]) > lowest) {
        keys[contest] = Tournament.OUT;
      }
    }
  }

  private int leastOpen(int rule) {
    int[] counts = rules[rule].of().by(rules[rule].attribute());
    int least = Integer.MAX_VALUE;
    for (int contest = 0; contest < keys.length; contest++) {
      int code = codes[rule][contest];
      if (keys[contest] != Tournament.OUT && code != Attribute.NONE) {
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
