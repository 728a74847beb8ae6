package dev.slipway.core.scheduling;

import java.util.Arrays;

/// The best of some nodes, kept while the rank of one after another changes: a tournament tree. A
/// change costs the logarithm of the number of nodes, the best one nothing.
///
/// A node's rank is a key, of which the least is best, then a score, of which the least is best,
/// then its place among the members.
final class Tournament {
  /// The key of a node that is out of the question.
  static final long OUT = Long.MAX_VALUE;

  private static final int NOBODY = -1;

  private final int leaves;
  private final int[] winners;
  private final long[] keys;
  private final double[] scores;

  Tournament(int members) {
    leaves = Math.max(1, Integer.highestOneBit(Math.max(1, members - 1)) << 1);
    winners = new int[2 * leaves];
    keys = new long[members];
    scores = new double[members];
    Arrays.fill(keys, OUT);
    Arrays.fill(winners, NOBODY);
  }

  /// Sets a rank without holding the tournament; {@link #hold} follows once all are set.
  void enter(int member, long key, double score) {
    keys[member] = key;
    scores[member] = score;
  }

  /// Holds the whole tournament.
  void hold() {
    for (int member = 0; member < keys.length; member++) {
      winners[leaves + member] = keys[member] == OUT ? NOBODY : member;
    }
    for (int match = leaves - 1; match > 0; match--) {
      winners[match] = better(winners[2 * match], winners[2 * match + 1]);
    }
  }

  /// Changes a rank.
  void update(int member, long key, double score) {
    keys[member] = key;
    scores[member] = score;
    int place = leaves + member;
    winners[place] = key == OUT ? NOBODY : member;
    for (int match = place >> 1; match > 0; match >>= 1) {
      int winner = better(winners[2 * match], winners[2 * match + 1]);
      if (winner == winners[match] && winner != member) {
        // Nobody above has seen the member, nor does now.
        return;
      }
      winners[match] = winner;
    }
  }

  /// The best member, or a negative number where all are out of the question.
  int best() {
    return winners[1];
  }

  long key(int member) {
    return keys[member];
  }

  double score(int member) {
    return scores[member];
  }

  /// Says of whom {@link #bestBut} is to take no notice.
  interface Exclusion {
    boolean isExcluded(int member);
  }

  /// The best member but for some: the fewer of the best ones are excluded, the faster.
  int bestBut(Exclusion exclusion) {
    return bestBut(1, exclusion);
  }

  private int bestBut(int match, Exclusion exclusion) {
    int winner = winners[match];
    if (winner == NOBODY || !exclusion.isExcluded(winner)) {
      return winner;
    }
    if (match >= leaves) {
      return NOBODY;
    }
    return better(bestBut(2 * match, exclusion), bestBut(2 * match + 1, exclusion));
  }

  private int better(int one, int other) {
    if (one == NOBODY || other == NOBODY) {
      return one == NOBODY ? other : one;
    }
    if (keys[one] != keys[other]) {
      return keys[one] < keys[other] ? one : other;
    }
    if (scores[one] != scores[other]) {
      return scores[one] < scores[other] ? one : other;
    }
    return Math.min(one, other);
  }
}
