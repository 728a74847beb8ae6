package dev.slipway.core.scheduling;

import org.jspecify.annotations.Nullable;

/// The search of one who may stand on many nodes: in an order of nodes that is shared with all who
/// have the same demand, those are passed over that the asker sees in another way, and these are
/// looked at for themselves where one of them may be better.
///
/// That costs the more, the more of the best nodes are passed over. Once it has cost as much as an
/// order of the asker's own, it gets one, and uses it as long as it is the cheaper way.
final class SearchByRank implements Search, Tournament.Exclusion {
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

  /// The groups that are open to the asker.
  private final int[] open;

  /// Of each group the weights of preferences that its nodes do not meet.
  private final int[] unmet;

  private @Nullable Ranking common;
  private @Nullable Ranking own;

  /// The members of the group that is asked about.
  private int[] members = {};

  private final int[] leaders;
  private boolean lookAtThose;
  private boolean lacking;
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
    shared = parts.tellApart(asker.shape().admission, asker.attributes);
    grouping = shared ? parts.grouping() : rankings.grouping(asker);
    choice = new GroupChoice(grouping.representatives(), !shared, asker.ofGroups, asker.levels);
    leaders = new int[choice.contests()];
    View view = shared ? parts.view(asker.shape().admission) : View.ofAll(grouping.count());
    open = view.open();
    unmet = view.unmet();
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
    for (int group : open) {
      if (ranking.open(group)) {
        choice.enter(
            group, ranking.bestNode(group), ranking.bestKey(group), ranking.bestScore(group));
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
    // Whom the rules do not draw they keep off: no node that differs comes before its like.
    lookAtThose = rules.draws();
    // Where it has to be brought to the best one, another as good may have it.
    lacking = false;
    if (rules.rankElsewhere(0) != Tournament.OUT) {
      enterBest(ranking);
      if (differ || asker.shape().ports.length > 0) {
        passOver(ranking);
      }
    }
    if (differ && lookAtThose) {
      for (int i = 0; i < rules.footprints(); i++) {
        enterAll(ranking, rules.footprint(i));
      }
    }
    if (lacking && asker.atHand != null) {
      enterAll(ranking, asker.atHand);
    }
    debt += examined;
  }

  private void enterBest(Ranking ranking) {
    for (int group : open) {
      if (ranking.open(group)) {
        enter(group, ranking.bestNode(group), ranking.bestKey(group), ranking.bestScore(group));
      }
    }
  }

  /// Goes through all groups whose best nodes may be excluded, those first that lead: then few of
  /// the others could still win.
  private void passOver(Ranking ranking) {
    for (int contest = 0; contest < leaders.length; contest++) {
      leaders[contest] = choice.leader(contest);
    }
    choice.clear();
    for (int leader : leaders) {
      if (leader >= 0) {
        passOver(ranking, leader);
      }
    }
    for (int group : open) {
      int node = ranking.bestNode(group);
      if (node != Tournament.NOBODY
          && choice.leads(
              group, node, elsewhere(group, ranking.bestKey(group)), ranking.bestScore(group))) {
        passOver(ranking, group);
      }
    }
  }

  private void passOver(Ranking ranking, int group) {
    members = grouping.members(group);
    Tournament tournament = ranking.of(group);
    int best = tournament.bestBut(this);
    lookAtThose |=
        best == Tournament.NOBODY
            || Rank.beforeSiblings(tournament.key(best))
                != Rank.beforeSiblings(ranking.bestKey(group));
    if (best != Tournament.NOBODY) {
      enter(group, members[best], tournament.key(best), tournament.score(best));
    }
  }

  @Override
  public boolean isExcluded(int member) {
    examined++;
    int node = members[member];
    return !asker.shape().arePortsFree(table, node) || rules.differs(node);
  }

  /// Enters all nodes where some stand, and their neighbours, as the asker sees them.
  private void enterAll(Ranking ranking, Footprint footprint) {
    for (int slot = 0; slot < footprint.slots(); slot++) {
      int node = footprint.nodeAt(slot);
      if (node >= 0) {
        enterAll(ranking, table.neighbours(node));
      }
    }
  }

  private void enterAll(Ranking ranking, int[] nodes) {
    for (int node : nodes) {
      examined++;
      int group = grouping.of(node);
      if (group == Grouping.NONE
          || unmet[group] == View.CLOSED
          || !asker.shape().arePortsFree(table, node)
          || rules.refuses(node)) {
        continue;
      }
      ranking.open(group);
      Tournament tournament = ranking.of(group);
      int place = grouping.place(node);
      long key = tournament.key(place);
      if (key != Tournament.OUT) {
        long rank = Rank.plusUnmet(rules.rank(key, node), unmet[group]);
        choice.enter(group, node, rank, tournament.score(place));
      }
    }
  }

  /// Enters a node that does not differ.
  private void enter(int group, int node, long key, long score) {
    long rank = elsewhere(group, key);
    boolean lacks = rules.lacks(node);
    lacking |= lacks;
    choice.enter(group, node, lacks ? Rank.withMissing(rank) : rank, score);
  }

  /// The rank of a node that does not differ.
  private long elsewhere(int group, long key) {
    long rank = rules.rankElsewhere(key);
    return rank == Tournament.OUT ? rank : Rank.plusUnmet(rank, unmet[group]);
  }
}
