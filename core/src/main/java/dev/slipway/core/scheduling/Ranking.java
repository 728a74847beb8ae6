package dev.slipway.core.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// All nodes in the order in which they suit a demand, kept as nodes change: what did not change
/// since the last request is not looked at again. Each group of nodes has an order of its own.
///
/// It is of the demand alone, for all who have it; or of one shape, with the nodes that it may
/// stand on; or of one asker, with all that this one says of single nodes.
final class Ranking {
  /// When more than this part of the nodes changed, it is faster to look at all.
  private static final int PART = 4;

  private final NodeTable table;
  private final Scores scores;
  private final @Nullable Shape shape;
  private final @Nullable NodeRules rules;
  private Grouping grouping;
  private Tournament[] tournaments;
  private long[] ranks;
  private long read;
  private int begun;
  private boolean dropped;

  /// When it was used last.
  long used;

  /// @param shape none for all who have the demand
  /// @param rules what one asker says of single nodes; none for all who have the shape
  Ranking(
      NodeTable table,
      Scores scores,
      Grouping grouping,
      @Nullable Shape shape,
      @Nullable NodeRules rules) {
    this.table = table;
    this.scores = scores;
    this.grouping = grouping;
    this.shape = shape;
    this.rules = rules;
    ranks = new long[2 * table.size];
    tournaments = new Tournament[0];
    lookAtAll();
    regroup(grouping);
  }

  Scores scores() {
    return scores;
  }

  /// The order of a group; it holds until the table changes again.
  Tournament of(int group) {
    return tournaments[group];
  }

  /// {@link Tournament#OUT} where it cannot stand.
  long key(int node) {
    return ranks[2 * node];
  }

  long score(int node) {
    return ranks[2 * node + 1];
  }

  /// How many changes it has not looked at.
  long behind() {
    return table.log.end() - read;
  }

  /// Gives up its memory; it is not to be used again.
  void drop() {
    dropped = true;
    ranks = new long[0];
    tournaments = new Tournament[0];
  }

  boolean isDropped() {
    return dropped;
  }

  /// Catches up with the table, and with other groups.
  void catchUp(Grouping wanted) {
    long end = table.log.end();
    boolean begins = rules != null && rules.beginnings() != begun;
    boolean all = begins || end - read > table.size / PART || !table.log.reachesTo(read);
    if (all) {
      lookAtAll();
    }
    if (wanted != grouping) {
      regroup(wanted);
    } else if (all) {
      for (Tournament tournament : tournaments) {
        tournament.hold();
      }
    }
    for (; read < end; read++) {
      int node = table.log.nodeAt(read);
      if (!table.log.isOutdated(read) && lookAt(node)) {
        int group = grouping.of(node);
        if (group != Grouping.NONE) {
          tournaments[group].update(grouping.place(node), node);
        }
      }
    }
    table.log.noteRead(end);
  }

  private void regroup(Grouping wanted) {
    grouping = wanted;
    tournaments = new Tournament[wanted.count()];
    Arrays.setAll(tournaments, group -> new Tournament(wanted.members(group), ranks));
  }

  private void lookAtAll() {
    begun = rules == null ? 0 : rules.beginnings();
    read = table.log.end();
    table.log.noteRead(read);
    for (int node = 0; node < table.size; node++) {
      lookAt(node);
    }
  }

  /// @return whether the node has another rank than before
  private boolean lookAt(int node) {
    long key = keyOf(node);
    long score = key == Tournament.OUT ? 0 : Tournament.sortable(scores.of(node));
    int at = 2 * node;
    boolean changed = ranks[at] != key || ranks[at + 1] != score;
    ranks[at] = key;
    ranks[at + 1] = score;
    return changed;
  }

  private long keyOf(int node) {
    if (!table.ready.get(node)
        || (shape != null && !shape.admitted.get(node))
        || Double.isNaN(scores.of(node))) {
      return Tournament.OUT;
    }
    long bare = Rank.of(shape == null ? 0 : shape.unmet(node), table.risks[node]);
    if (rules == null || shape == null) {
      return bare;
    }
    return !shape.arePortsFree(table, node) || rules.refuses(node)
        ? Tournament.OUT
        : rules.rank(bare, node);
  }
}
