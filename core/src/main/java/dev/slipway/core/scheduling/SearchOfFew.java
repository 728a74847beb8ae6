package dev.slipway.core.scheduling;

/// The search of one who may stand on a few nodes only: each is looked at.
final class SearchOfFew implements Search {
  private final NodeTable table;
  private final Parts parts;
  private final Packing packing;
  private final Asker asker;
  private final int[] members;

  /// Of each member which version of it the score is of.
  private final int[] seen;

  private final double[] scores;

  /// Each node is a group of its own.
  private final GroupChoice choice;

  SearchOfFew(NodeTable table, Parts parts, Packing packing, Asker asker) {
    this.table = table;
    this.parts = parts;
    this.packing = packing;
    this.asker = asker;
    members = asker.shape().admission.nodes.stream().toArray();
    seen = new int[members.length];
    scores = new double[members.length];
    choice = new GroupChoice(members, true, asker.ofGroups, asker.levels);
  }

  @Override
  public boolean isValid(Parts current) {
    return parts == current;
  }

  @Override
  public int best() {
    choice.clear();
    for (int member = 0; member < members.length; member++) {
      int node = members[member];
      if (table.ready.get(node)
          && asker.shape().demand.refusal(table, node) == Refusal.NONE
          && asker.shape().arePortsFree(table, node)
          && !asker.ofNodes.refuses(node)) {
        double score = score(member);
        long bare =
            Rank.plusUnmet(
                asker.shape().demand.rank(table, node, score), asker.shape().admission.unmet(node));
        choice.enter(member, node, asker.ofNodes.rank(bare, node), Tournament.sortable(score));
      }
    }
    return choice.best();
  }

  private double score(int member) {
    int node = members[member];
    if (seen[member] != table.versions[node]) {
      seen[member] = table.versions[node];
      scores[member] = packing.score(table, node, asker.shape());
    }
    return scores[member];
  }
}
