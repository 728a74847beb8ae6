package dev.slipway.core.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The search of one who may stand on many nodes: in an order of nodes that is shared with all who
/// have the same demand, those are passed over that the asker sees in another way, and these are
/// looked at for themselves where one of them may be better.
///
/// That costs the more, the more of the best nodes are passed over. Once it has cost as much as an
/// order of the asker's own, it gets one, and uses it as long as it is the cheaper way.
final class SearchByRank implements Search, Tournament.Exclusion {
  /// The weight of preferences not met that stands for nodes where the asker may not stand.
  private static final int OFF = -1;

  /// Nodes passed over that cost as much as one change in an order of the asker's own.
  private static final int A_CHANGE = 4;

  private final NodeTable table;
  private final Parts parts;
  private final Rankings rankings;
  private final Asker asker;
  private final NodeRules rules;
  private final Grouping grouping;
  private final boolean shared;
  private final GroupChoice choice;
  private final long patience;

  /// Of each group the weights of preferences that its nodes do not meet.
  private final int[] unmet;

  private @Nullable Ranking common;
  private @Nullable Ranking own;
  private int examined;
  private long debt;

  /// @param patience nodes that are passed over, for each node there is, before the asker gets an
  ///     order of its own
  SearchByRank(NodeTable table, Parts parts, Rankings rankings, Asker asker, int patience) {
    this.table = table;
    this.parts = parts;
    this.rankings = rankings;
    this.asker = asker;
    this.patience = (long) patience * table.size;
    rules = asker.ofNodes;
    shared = parts.tellApart(asker.shape(), asker.attributes);
    grouping = shared ? parts.grouping() : rankings.grouping(asker);
    int[] representatives = grouping.representatives();
    choice = new GroupChoice(representatives, asker.ofGroups, asker.levels);
    unmet = new int[representatives.length];
    Shape shape = asker.shape();
    Arrays.setAll(
        unmet,
        group -> {
          int node = representatives[group];
          return !shape.admitted.get(node) ? OFF : shared ? shape.unmet(node) : 0;
        });
  }

  @Override
  public boolean isValid(Parts current) {
    return parts == current && (!shared || parts.grouping() == grouping);
  }

  @Override
  public int best() {
    choice.clear();
    if (!rules.isLocal() || ownIsCheaper()) {
      enterOwn();
    } else {
      enterCommon();
    }
    return choice.best();
  }

  private boolean ownIsCheaper() {
    if (own != null && !own.isDropped() && own.behind() * A_CHANGE <= examined) {
      return true;
    }
    if (debt > patience) {
      debt = 0;
      return true;
    }
    return false;
  }

  private void enterOwn() {
    if (own == null || own.isDropped()) {
      own = rankings.ofAsker(asker, grouping);
    }
    Ranking ranking = rankings.use(own);
    ranking.catchUp(grouping);
    for (int group = 0; group < unmet.length; group++) {
      int node = ranking.of(group).best();
      if (node != Tournament.NOBODY) {
        choice.enter(group, node, ranking.key(node), ranking.score(node));
      }
    }
  }

  private void enterCommon() {
    if (common == null || common.isDropped()) {
      common = shared ? rankings.ofDemand(asker, grouping) : rankings.ofShape(asker, grouping);
    }
    Ranking ranking = rankings.use(common);
    ranking.catchUp(grouping);
    examined = 0;
    boolean differ = rules.mayDiffer();
    boolean pass = differ || asker.shape().ports.length > 0;
    // Whom the rules do not draw they keep off: no node that differs comes before its like.
    boolean lookAtThose = rules.draws();
    for (int group = 0; group < unmet.length; group++) {
      Tournament tournament = ranking.of(group);
      int first = tournament.best();
      if (first == Tournament.NOBODY || unmet[group] == OFF) {
        continue;
      }
      int node = pass ? tournament.bestBut(this) : first;
      lookAtThose |= node == Tournament.NOBODY || ranking.key(node) != ranking.key(first);
      if (node != Tournament.NOBODY) {
        enter(ranking, group, node, rules.rankElsewhere(ranking.key(node)));
      }
    }
    if (differ && lookAtThose) {
      enterThoseThatDiffer(ranking);
    }
    debt += examined;
  }

  @Override
  public boolean isExcluded(int node) {
    examined++;
    return !asker.shape().arePortsFree(table, node) || rules.differs(node);
  }

  private void enterThoseThatDiffer(Ranking ranking) {
    for (int i = 0; i < rules.footprints(); i++) {
      Footprint footprint = rules.footprint(i);
      for (int slot = 0; slot < footprint.slots(); slot++) {
        int node = footprint.nodeAt(slot);
        if (node >= 0) {
          enterThoseThatDiffer(ranking, table.neighbours(node));
        }
      }
    }
  }

  private void enterThoseThatDiffer(Ranking ranking, int[] nodes) {
    for (int node : nodes) {
      examined++;
      int group = grouping.of(node);
      if (group != Grouping.NONE
          && unmet[group] != OFF
          && ranking.key(node) != Tournament.OUT
          && asker.shape().arePortsFree(table, node)
          && !rules.refuses(node)) {
        enter(ranking, group, node, rules.rank(ranking.key(node), node));
      }
    }
  }

  private void enter(Ranking ranking, int group, int node, long rank) {
    if (rank != Tournament.OUT) {
      choice.enter(group, node, Rank.plusUnmet(rank, unmet[group]), ranking.score(node));
    }
  }
}
