package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All nodes in the order in which they suit requests of one shape by some rules, kept as nodes
/// change: what did not change since the last request is not looked at again.
///
/// Rules that tell single nodes apart are part of a node's rank. For the others nodes are grouped
/// by the values that the rules speak of; a rule lets in a whole group or keeps it off, so that a
/// task somewhere in a zone changes nothing about the zone's other nodes.
final class Ranking {
  private final NodeTable table;
  private final Packing packing;
  private final Shape shape;
  private final Siblings siblings;
  private final List<Rule> ofNodes = new ArrayList<>();
  private final Groups groups;
  private final int[] places;
  private final Tournament[] tournaments;
  private final byte[] refusals;
  private final int[] refused;
  private long read;
  private int begun;

  /// The tasks of the same app, and how many of them on one node count as one.
  ///
  /// @param perNode from 1 on: so many on one node are as good as one
  record Siblings(Footprint footprint, int perNode) {}

  Ranking(NodeTable table, Packing packing, Shape shape, Siblings siblings, List<Rule> rules) {
    this.table = table;
    this.packing = packing;
    this.shape = shape;
    this.siblings = siblings;
    List<Rule> ofGroups = new ArrayList<>();
    for (Rule rule : rules) {
      (isOfNodes(rule) && !(isEven(rule) && ofNodes.stream().anyMatch(Ranking::isEven))
              ? ofNodes
              : ofGroups)
          .add(rule);
    }
    int slack = ofNodes.stream().filter(Ranking::isEven).mapToInt(Rule::limit).sum();
    groups = new Groups(table, ofGroups, slack);
    places = new int[table.size];
    int[] sizes = new int[groups.count()];
    for (int node = 0; node < table.size; node++) {
      places[node] = sizes[groups.of(node)]++;
    }
    tournaments = new Tournament[groups.count()];
    Arrays.setAll(tournaments, group -> new Tournament(sizes[group]));
    refusals = new byte[table.size];
    refused = new int[Refusal.FIRST_DIMENSION + table.dimensions];
    lookAtAll();
  }

  private static boolean isEven(Rule rule) {
    return rule.kind() == Rule.Kind.EVEN;
  }

  /// Whether a rule says the same of a node until something changes on the node itself, but for the
  /// beginnings of another app.
  private static boolean isOfNodes(Rule rule) {
    return rule.attribute().tellsNodesApart()
        && switch (rule.kind()) {
          case AT_MOST, TOGETHER -> true;
          case EVEN -> rule.isRequired() && rule.limit() == 1;
          case LEVEL -> false;
        };
  }

  /// The best node now, or a negative number where none will do.
  int best() {
    catchUp();
    return groups.isTrivial() ? groups.member(0, tournaments[0].best()) : groups.best(tournaments);
  }

  /// The best node now but for some.
  int bestBut(Tournament.Exclusion excluded) {
    catchUp();
    return tournaments[0].bestBut(excluded);
  }

  long key(int node) {
    return tournaments[groups.of(node)].key(places[node]);
  }

  double score(int node) {
    return tournaments[groups.of(node)].score(places[node]);
  }

  /// How many nodes were refused for what, by {@link Refusal}.
  int[] refused() {
    catchUp();
    return refused.clone();
  }

  private void catchUp() {
    long end = table.log.end();
    if (beginnings() != begun || end - read > table.size / 4 || !table.log.reachesTo(read)) {
      lookAtAll();
      return;
    }
    for (; read < end; read++) {
      if (!table.log.isOutdated(read)) {
        lookAt(table.log.nodeAt(read), true);
      }
    }
  }

  /// Affinity holds for all nodes from the moment on when the first of the others is there.
  private int beginnings() {
    int sum = 0;
    for (int i = 0; i < ofNodes.size(); i++) {
      sum += ofNodes.get(i).kind() == Rule.Kind.TOGETHER ? ofNodes.get(i).of().beginnings() : 0;
    }
    return sum;
  }

  private void lookAtAll() {
    begun = beginnings();
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
    int refusal = refusal(node);
    refused[refusals[node]]--;
    refused[refusal]++;
    refusals[node] = (byte) refusal;
    long key = Tournament.OUT;
    double score = 0;
    if (refusal == Refusal.NONE) {
      key = rank(node);
      score = packing.score(table, node, shape);
    }
    Tournament tournament = tournaments[groups.of(node)];
    if (held) {
      tournament.update(places[node], key, score);
    } else {
      tournament.enter(places[node], key, score);
    }
  }

  private int refusal(int node) {
    int refusal = shape.refusal(table, node);
    if (refusal == Refusal.NOT_ADMITTED) {
      return refusal;
    }
    for (int i = 0; i < ofNodes.size(); i++) {
      Rule rule = ofNodes.get(i);
      if (rule.isRequired() && !allows(rule, node)) {
        return Refusal.RULE;
      }
    }
    return refusal;
  }

  /// An even spread over single nodes, with no more than one between them, is kept by taking the
  /// emptiest first.
  private static boolean allows(Rule rule, int node) {
    int code = rule.attribute().code(node);
    return rule.kind() == Rule.Kind.EVEN ? code != Attribute.NONE : rule.allows(code, 0);
  }

  private long rank(int node) {
    int level = 0;
    int unmet = shape.unmet == null ? 0 : shape.unmet[node];
    for (int i = 0; i < ofNodes.size(); i++) {
      Rule rule = ofNodes.get(i);
      if (rule.kind() == Rule.Kind.EVEN) {
        level += rule.of().by(rule.attribute())[rule.attribute().code(node)];
      } else if (!rule.isRequired() && !allows(rule, node)) {
        unmet += rule.weight();
      }
    }
    int perNode = siblings.perNode();
    return Rank.of(
        level,
        unmet,
        table.risks[node],
        siblings.footprint().on(node) / perNode,
        siblings.footprint().at(node) / perNode);
  }

  /// Nodes by what rules that do not tell them apart speak of.
  private static final class Groups {
    private final List<Rule> rules;
    private final int slack;
    private final int[] groups;
    private final int[][] members;
    private final int[][] codes;
    private final int[] unmet;
    private final boolean[] open;

    /// @param slack how far a node's level may be above the least one; 0 where levels do not matter
    Groups(NodeTable table, List<Rule> rules, int slack) {
      this.rules = rules;
      this.slack = slack;
      groups = new int[table.size];
      Map<List<Integer>, Integer> known = new HashMap<>();
      List<List<Integer>> members = new ArrayList<>();
      for (int node = 0; node < table.size && !rules.isEmpty(); node++) {
        int at = node;
        List<Integer> values = rules.stream().map(rule -> rule.attribute().code(at)).toList();
        Integer group = known.putIfAbsent(values, known.size());
        groups[node] = group == null ? known.size() - 1 : group;
        if (group == null) {
          members.add(new ArrayList<>());
        }
        members.get(groups[node]).add(node);
      }
      int count = Math.max(1, known.size());
      this.members = new int[count][];
      codes = new int[count][rules.size()];
      for (int group = 0; group < members.size(); group++) {
        this.members[group] = members.get(group).stream().mapToInt(Integer::intValue).toArray();
      }
      known.forEach((values, group) -> Arrays.setAll(codes[group], rule -> values.get(rule)));
      unmet = new int[count];
      open = new boolean[count];
    }

    boolean isTrivial() {
      return rules.isEmpty();
    }

    int count() {
      return members.length;
    }

    int of(int node) {
      return groups[node];
    }

    /// The node that is the member of a group; negative for nobody.
    int member(int group, int place) {
      return place < 0 || isTrivial() ? place : members[group][place];
    }

    int best(Tournament[] tournaments) {
      for (int group = 0; group < open.length; group++) {
        open[group] = tournaments[group].best() >= 0;
        unmet[group] = 0;
      }
      for (int rule = 0; rule < rules.size(); rule++) {
        if (rules.get(rule).kind() != Rule.Kind.EVEN) {
          apply(rule, rules.get(rule).leastOfSome());
        }
      }
      applyEven(tournaments);
      int best = -1;
      for (int group = 0; group < open.length; group++) {
        if (open[group] && (best < 0 || isBetter(tournaments, group, best))) {
          best = group;
        }
      }
      return best < 0 ? -1 : member(best, tournaments[best].best());
    }

    private void apply(int rule, int least) {
      Rule applied = rules.get(rule);
      for (int group = 0; group < open.length; group++) {
        if (open[group] && !applied.allows(codes[group][rule], least)) {
          open[group] = !applied.isRequired();
          unmet[group] += applied.weight();
        }
      }
    }

    /// The values are compared as they are but for even spreads, so the least of each is found
    /// before any is kept off.
    private void applyEven(Tournament[] tournaments) {
      int[] least = new int[rules.size()];
      for (int rule = 0; rule < rules.size(); rule++) {
        if (rules.get(rule).kind() == Rule.Kind.EVEN) {
          least[rule] = leastOpen(rule);
        }
      }
      int lowest = slack == 0 ? 0 : lowestOpen(tournaments);
      for (int group = 0; group < open.length && slack > 0; group++) {
        open[group] = open[group] && level(tournaments[group]) - lowest < slack;
      }
      for (int rule = 0; rule < rules.size(); rule++) {
        if (rules.get(rule).kind() == Rule.Kind.EVEN) {
          apply(rule, least[rule]);
        }
      }
    }

    /// The best of a group has the lowest level of it.
    private static int level(Tournament tournament) {
      return Rank.level(tournament.key(tournament.best()));
    }

    private int lowestOpen(Tournament[] tournaments) {
      int lowest = Integer.MAX_VALUE;
      for (int group = 0; group < open.length; group++) {
        lowest = open[group] ? Math.min(lowest, level(tournaments[group])) : lowest;
      }
      return lowest;
    }

    private int leastOpen(int rule) {
      int[] counts = rules.get(rule).of().by(rules.get(rule).attribute());
      int least = Integer.MAX_VALUE;
      for (int group = 0; group < open.length; group++) {
        int code = codes[group][rule];
        if (open[group] && code != Attribute.NONE) {
          least = Math.min(least, counts[code]);
        }
      }
      return least == Integer.MAX_VALUE ? 0 : least;
    }

    private boolean isBetter(Tournament[] tournaments, int one, int other) {
      int mine = tournaments[one].best();
      int theirs = tournaments[other].best();
      long key = Rank.plusUnmet(tournaments[one].key(mine), unmet[one]);
      long otherKey = Rank.plusUnmet(tournaments[other].key(theirs), unmet[other]);
      if (key != otherKey) {
        return key < otherKey;
      }
      double score = tournaments[one].score(mine);
      double otherScore = tournaments[other].score(theirs);
      return score != otherScore ? score < otherScore : members[one][mine] < members[other][theirs];
    }
  }
}
