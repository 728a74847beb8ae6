package dev.slipway.core.scheduling;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The order in which nodes suit a demand, kept as they change: what did not change since the last
/// request is not looked at again, and no state of a node is scored twice. Each group of nodes has
/// an order of its own, from when it is first asked for.
///
/// It is of the demand alone, for all who have it; or of one shape, with the nodes that it may
/// stand on; or of one asker, with all that this one says of single nodes.
final class Ranking {
  /// When more than this part of the nodes changed, it is faster to look at all.
  private static final int PART = 4;

  /// The score of nodes without room.
  private static final long UNFIT = Tournament.sortable(Double.NaN);

  private final NodeTable table;
  private final Packing packing;
  private final Shape shape;
  private final boolean ofShape;
  private final @Nullable NodeRules rules;
  private Grouping grouping;
  private @Nullable Order[] orders;

  /// Of each group the best node, and of that the key and the score.
  private int[] bestNodes;

  private long[] bestRanks;
  private long read;
  private int begun;
  private boolean dropped;

  /// When it was used last.
  long used;

  /// The order of a group.
  ///
  /// @param seen of each member the version that its score is of; 0 where it has none yet
  @SuppressWarnings("ArrayRecordComponent") // One owner, and the innermost loop.
  private record Order(int[] members, int[] seen, Tournament tournament) {
    static Order of(int[] members) {
      return new Order(members, new int[members.length], new Tournament(members.length));
    }
  }

  /// @param shape any one of the demand, or the shape
  /// @param ofShape whether it is of the shape alone
  /// @param rules what one asker says of single nodes; null for all others
  Ranking(
      NodeTable table,
      Packing packing,
      Grouping grouping,
      Shape shape,
      boolean ofShape,
      @Nullable NodeRules rules) {
    this.table = table;
    this.packing = packing;
    this.grouping = grouping;
    this.shape = shape;
    this.ofShape = ofShape;
    this.rules = rules;
    orders = new @Nullable Order[grouping.count()];
    bestNodes = new int[orders.length];
    bestRanks = new long[2 * orders.length];
    begun = rules == null ? 0 : rules.beginnings();
    read = table.log.end();
  }

  /// Makes sure that there is an order of the group.
  ///
  /// @return whether any node of it will do
  boolean open(int group) {
    if (orders[group] == null) {
      Order order = Order.of(grouping.members(group));
      orders[group] = order;
      lookAtAll(order);
      noteBest(group, order);
    }
    return bestNodes[group] != Tournament.NOBODY;
  }

  /// The order of the members of a group that is open; it holds until the table changes again.
  Tournament of(int group) {
    return Objects.requireNonNull(orders[group]).tournament();
  }

  /// The best node of a group that is open, or {@link Tournament#NOBODY}.
  int bestNode(int group) {
    return bestNodes[group];
  }

  long bestKey(int group) {
    return bestRanks[2 * group];
  }

  long bestScore(int group) {
    return bestRanks[2 * group + 1];
  }

  private void noteBest(int group, Order order) {
    int best = order.tournament().best();
    bestNodes[group] = best == Tournament.NOBODY ? best : order.members()[best];
    if (best != Tournament.NOBODY) {
      bestRanks[2 * group] = order.tournament().key(best);
      bestRanks[2 * group + 1] = order.tournament().score(best);
    }
  }

  /// How many changes it has not looked at.
  long behind() {
    return table.log.end() - read;
  }

  /// Gives up its memory; it is not to be used again.
  void drop() {
    dropped = true;
    orders = new @Nullable Order[0];
  }

  boolean isDropped() {
    return dropped;
  }

  /// Catches up with the table, and with other groups, each of which is part of one that was
  /// before.
  void catchUp(Grouping wanted) {
    if (wanted != grouping) {
      regroup(wanted);
    }
    long end = table.log.end();
    boolean begins = rules != null && rules.beginnings() != begun;
    if (begins || end - read > table.size / PART || !table.log.reachesTo(read)) {
      begun = rules == null ? 0 : rules.beginnings();
      read = end;
      for (int group = 0; group < orders.length; group++) {
        Order order = orders[group];
        if (order != null) {
          lookAtAll(order);
          noteBest(group, order);
        }
      }
    }
    for (; read < end; read++) {
      if (!table.log.isOutdated(read)) {
        catchUp(table.log.nodeAt(read));
      }
    }
    table.log.noteRead(end);
  }

  private void catchUp(int node) {
    int group = grouping.of(node);
    Order order = group == Grouping.NONE ? null : orders[group];
    if (order != null) {
      int place = grouping.place(node);
      if (lookAt(order, place)) {
        order.tournament().update(place);
        noteBest(group, order);
      }
    }
  }

  private void lookAtAll(Order order) {
    for (int place = 0; place < order.members().length; place++) {
      lookAt(order, place);
    }
    order.tournament().hold();
  }

  /// @return whether the member has another rank than before
  private boolean lookAt(Order order, int place) {
    int node = order.members()[place];
    long score = order.tournament().score(place);
    if (order.seen()[place] != table.versions[node]) {
      order.seen()[place] = table.versions[node];
      score =
          shape.demand.refusal(table, node) == Refusal.NONE
              ? Tournament.sortable(packing.score(table, node, shape))
              : UNFIT;
    }
    return order.tournament().enter(place, key(node, score), score);
  }

  private long key(int node, long score) {
    if (score == UNFIT || !table.ready.get(node) || (ofShape && !shape.admits(node))) {
      return Tournament.OUT;
    }
    long bare = shape.demand.rank(table, node, Tournament.score(score));
    if (ofShape) {
      bare = Rank.plusUnmet(bare, shape.admission.unmet(node));
    }
    if (rules == null) {
      return bare;
    }
    return !shape.arePortsFree(table, node) || rules.refuses(node)
        ? Tournament.OUT
        : rules.rank(bare, node);
  }

  private void regroup(Grouping wanted) {
    @Nullable Order[] now = new @Nullable Order[wanted.count()];
    for (int group = 0; group < now.length; group++) {
      int[] members = wanted.members(group);
      Order before = orders[grouping.of(members[0])];
      if (before != null && before.members().length == members.length) {
        now[group] = before;
      } else if (before != null) {
        now[group] = partOf(before, members);
      }
    }
    orders = now;
    grouping = wanted;
    bestNodes = new int[now.length];
    bestRanks = new long[2 * now.length];
    for (int group = 0; group < now.length; group++) {
      Order order = now[group];
      if (order != null) {
        noteBest(group, order);
      }
    }
  }

  private Order partOf(Order before, int[] members) {
    Order order = Order.of(members);
    for (int place = 0; place < members.length; place++) {
      int was = grouping.place(members[place]);
      order.seen()[place] = before.seen()[was];
      order.tournament().enter(place, before.tournament().key(was), before.tournament().score(was));
    }
    order.tournament().hold();
    return order;
  }
}
