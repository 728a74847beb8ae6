package dev.slipway.core.scheduling;

/// The best of some nodes, kept while the rank of one after another changes: a tournament tree. A
/// change costs the logarithm of the number of nodes at most, the best one nothing.
///
/// A node's rank is a key, of which the least is best, then a score, of which the least is best,
/// then its place among the members.
final class Tournament {
  /// The key of a node that is out of the question.
  static final long OUT = Long.MAX_VALUE;

  /// No node at all.
  static final int NOBODY = -1;

  private final int members;

  /// Of each match the winner: the final at 1, the matches before match `i` at `2i` and `2i + 1`,
  /// and behind all matches the members.
  private final int[] winners;

  /// Of each member the key, and behind it the score.
  private final long[] ranks;

  /// Of no use until the ranks of all members are entered and it is held.
  Tournament(int members) {
    this.members = members;
    winners = new int[2 * members];
    ranks = new long[2 * members];
  }

  /// The score as a number of the same order.
  static long sortable(double score) {
    long bits = Double.doubleToLongBits(score);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /// The score that {@link #sortable} made the number of.
  static double score(long sortable) {
    return Double.longBitsToDouble(sortable ^ ((sortable >> 63) & Long.MAX_VALUE));
  }

  long key(int member) {
    return ranks[2 * member];
  }

  /// As {@link #sortable}; whatever was entered where the member is out of the question.
  long score(int member) {
    return ranks[2 * member + 1];
  }

  /// Sets a rank; {@link #update} or {@link #hold} has to follow if it is another one than before.
  ///
  /// @return whether it is
  boolean enter(int member, long key, long score) {
    int at = 2 * member;
    boolean changed = ranks[at] != key || (ranks[at + 1] != score && key != OUT);
    ranks[at] = key;
    ranks[at + 1] = score;
    return changed;
  }

  /// Holds the whole tournament.
  void hold() {
    for (int member = 0; member < members; member++) {
      winners[members + member] = ranks[2 * member] == OUT ? NOBODY : member;
    }
    for (int match = members - 1; match > 0; match--) {
      winners[match] = better(winners[2 * match], winners[2 * match + 1]);
    }
  }

  /// Plays the matches again of a member whose rank has changed.
  void update(int member) {
    int match = members + member;
    winners[match] = ranks[2 * member] == OUT ? NOBODY : member;
    for (match >>= 1; match > 0; match >>= 1) {
      int winner = better(winners[2 * match], winners[2 * match + 1]);
      if (winner == winners[match] && winner != member) {
        // Nobody above has seen the member, nor does now.
        return;
      }
      winners[match] = winner;
    }
  }

  /// The best member, or {@link #NOBODY} where all are out of the question.
  int best() {
    return winners[1];
  }

  /// Says of whom {@link #bestBut} is to take no notice.
  interface Exclusion {
    boolean isExcluded(int member);
  }

  /// The best member but for some: the fewer of the best ones are excluded, the faster.
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
    if (match >= members) {
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
