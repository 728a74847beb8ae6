package dev.slipway.core.scheduling;

import java.util.Arrays;

/// The best of some nodes, kept while the rank of one after another changes: a tournament tree. A
/// change costs the logarithm of the number of nodes at most, the best one nothing.
///
/// A node's rank is a key, of which the least is best, then a score, of which the least is best,
/// then its number.
final class Tournament {
  /// The key of a node that is out of the question.
  static final long OUT = Long.MAX_VALUE;

  /// No node at all.
  static final int NOBODY = -1;

  private final int[] members;

  /// Of each match the winner: the final at 1, the matches before match `i` at `2i` and `2i + 1`,
  /// and behind all matches the members.
  private final int[] winners;

  /// Of each node the key, and behind it the score; common to all groups.
  private final long[] ranks;

  /// @param members nodes, in their order
  /// @param ranks of all nodes: of each the key, and behind it the score as {@link #sortable}
  Tournament(int[] members, long[] ranks) {
    this.members = members;
    this.ranks = ranks;
    winners = new int[2 * Math.max(1, members.length)];
    hold();
  }

  /// The score as a number of the same order.
  static long sortable(double score) {
    long bits = Double.doubleToLongBits(score);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /// Holds the whole tournament anew.
  void hold() {
    int count = members.length;
    Arrays.fill(winners, NOBODY);
    for (int place = 0; place < count; place++) {
      winners[count + place] = ranks[2 * members[place]] == OUT ? NOBODY : members[place];
    }
    for (int match = count - 1; match > 0; match--) {
      winners[match] = better(winners[2 * match], winners[2 * match + 1]);
    }
  }

  /// Plays the matches again of a member whose rank has changed.
  ///
  /// @param place of the node among the members
  void update(int place, int node) {
    int match = members.length + place;
    winners[match] = ranks[2 * node] == OUT ? NOBODY : node;
    for (match >>= 1; match > 0; match >>= 1) {
      int winner = better(winners[2 * match], winners[2 * match + 1]);
      if (winner == winners[match] && winner != node) {
        // Nobody above has seen the member, nor does now.
        return;
      }
      winners[match] = winner;
    }
  }

  /// The best node, or {@link #NOBODY} where all are out of the question.
  int best() {
    return winners[1];
  }

  /// Says of whom {@link #bestBut} is to take no notice.
  interface Exclusion {
    boolean isExcluded(int node);
  }

  /// The best node but for some: the fewer of the best ones are excluded, the faster.
  int bestBut(Exclusion exclusion) {
    return bestBut(1, exclusion, NOBODY, NOBODY);
  }

  /// The best one of those that lead to a match, or the one that was found before, if it is better.
  ///
  /// @param excluded known to be excluded
  private int bestBut(int match, Exclusion exclusion, int found, int excluded) {
    int winner = winners[match];
    if (winner == NOBODY || (found != NOBODY && better(found, winner) == found)) {
      return found;
    }
    if (winner != excluded && !exclusion.isExcluded(winner)) {
      return winner;
    }
    if (match >= members.length) {
      return found;
    }
    // Whom the excluded one has beaten last is likely to be found at once, and then there is
    // somebody to beat for the others.
    int beside = winners[2 * match] == winner ? 2 * match + 1 : 2 * match;
    int better = bestBut(beside, exclusion, found, winner);
    return bestBut(beside ^ 1, exclusion, better, winner);
  }

  private int better(int one, int other) {
    if (one == NOBODY || other == NOBODY) {
      return one == NOBODY ? other : one;
    }
    long key = ranks[2 * one];
    long otherKey = ranks[2 * other];
    if (key != otherKey) {
      return key < otherKey ? one : other;
    }
    long score = ranks[2 * one + 1];
    long otherScore = ranks[2 * other + 1];
    if (score != otherScore) {
      return score < otherScore ? one : other;
    }
    return Math.min(one, other);
  }
}
