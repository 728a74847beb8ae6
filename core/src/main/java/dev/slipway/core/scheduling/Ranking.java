package dev.slipway.core.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// All nodes in the order in which they suit requests of one shape, kept as nodes change: what did
/// not change since the last request is not looked at again. Each group of nodes has an order of
/// its own, so that a rule about groups changes nothing in it.
///
/// Either it is of the shape alone, for all who ask for it, or of one asker, with what that one
/// says of single nodes.
final class Ranking {
  private final NodeTable table;
  private final Packing packing;
  private final Shape shape;
  private final Grouping grouping;
  private final @Nullable NodeRules rules;
  private final Tournament[] tournaments;
  private final byte[] refusals;
  private final int[] refused;
  private long read;
  private int begun;

  /// @param rules none for what all askers share
  Ranking(
      NodeTable table, Packing packing, Shape shape, Grouping grouping, @Nullable NodeRules rules) {
    this.table = table;
    this.packing = packing;
    this.shape = shape;
    this.grouping = grouping;
    this.rules = rules;
    tournaments = new Tournament[grouping.count()];
    Arrays.setAll(tournaments, group -> new Tournament(grouping.size(group)));
    refusals = new byte[table.size];
    refused = new int[Refusal.FIRST_DIMENSION + table.dimensions];
    lookAtAll();
  }

  Grouping grouping() {
    return grouping;
  }

  /// The order of a group; it holds until the table changes again.
  Tournament of(int group) {
    return tournaments[group];
  }

  long key(int node) {
    return tournaments[grouping.of(node)].key(grouping.place(node));
  }

  double score(int node) {
    return tournaments[grouping.of(node)].score(grouping.place(node));
  }

  /// What speaks against a node, by {@link Refusal}.
  int refusal(int node) {
    return refusals[node];
  }

  /// How many nodes are refused for what, by {@link Refusal}.
  int[] refused() {
    return refused.clone();
  }

  void catchUp() {
    long end = table.log.end();
    boolean begins = rules != null && rules.beginnings() != begun;
    if (begins || end - read > table.size / 4 || !table.log.reachesTo(read)) {
      lookAtAll();
      return;
    }
    for (; read < end; read++) {
      if (!table.log.isOutdated(read)) {
        lookAt(table.log.nodeAt(read), true);
      }
    }
  }

  private void lookAtAll() {
    begun = rules == null ? 0 : rules.beginnings();
    read = table.log.end();
    Arrays.fill(refused, 0);
    Arrays.fill(refusals, (byte) 0);
    refused[Refusal.NONE] = table.size;
    for (int node = 0; node < table.size; node++) {
      lookAt(node, false);
    }
    for (Tournament tournament : tournaments) {
      tournament.hold();
    }
  }

  private void lookAt(int node, boolean held) {
    int refusal = shape.refusal(table, node);
    if (rules != null && refusal != Refusal.NOT_ADMITTED && rules.refuses(node)) {
      refusal = Refusal.RULE;
    }
    refused[refusals[node]]--;
    refused[refusal]++;
    refusals[node] = (byte) refusal;
    long key = Tournament.OUT;
    double score = 0;
    if (refusal == Refusal.NONE) {
      score = packing.score(table, node, shape);
      long bare = shape.rank(table, node, score);
      key = rules == null ? bare : rules.rank(bare, node);
    }
    Tournament tournament = tournaments[grouping.of(node)];
    if (held) {
      tournament.update(grouping.place(node), key, score);
    } else {
      tournament.enter(grouping.place(node), key, score);
    }
  }
}
