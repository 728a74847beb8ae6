package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/// The same search as {@link Scheduler}'s, in the plainest words: every node is looked at for every
/// task, and everything is counted anew.
record PlainSearch(NodeTable table, Packing packing, List<Standing> standing) {
  /// A task that stands somewhere.
  record Standing(Footprint app, int node) {}

  int best(Asker asker) {
    List<Integer> able = new ArrayList<>();
    for (int node = 0; node < table.size(); node++) {
      int one = node;
      if (asker.shape().refusal(table, node) == Refusal.NONE
          && asker.rules().stream()
              .filter(rule -> rule.isRequired() && rule.kind() != Rule.Kind.EVEN)
              .allMatch(rule -> keeps(rule, one, List.of()))) {
        able.add(node);
      }
    }
    int best = -1;
    for (int node : able) {
      if (asker.rules().stream()
              .filter(rule -> rule.isRequired() && rule.kind() == Rule.Kind.EVEN)
              .allMatch(rule -> keeps(rule, node, able))
          && (best < 0 || compare(asker, able, node, best) < 0)) {
        best = node;
      }
    }
    return best;
  }

  private boolean keeps(Rule rule, int node, List<Integer> able) {
    int code = rule.attribute().code(node);
    if (code == Attribute.NONE) {
      return false;
    }
    int here = count(rule, code);
    return switch (rule.kind()) {
      case AT_MOST -> here < rule.limit();
      case LEVEL -> {
        int least = Integer.MAX_VALUE;
        for (int other = 0; other < rule.attribute().cardinality(); other++) {
          least = count(rule, other) > 0 ? Math.min(least, count(rule, other)) : least;
        }
        yield here == 0 || here == least;
      }
      case TOGETHER ->
          here > 0 || number(rule.of(), other -> rule.attribute().code(other) >= 0) == 0;
      case EVEN -> {
        var codes = new TreeSet<Integer>();
        able.forEach(other -> codes.add(rule.attribute().code(other)));
        codes.remove(Attribute.NONE);
        int least = codes.stream().mapToInt(other -> count(rule, other)).min().orElse(0);
        yield here - least < rule.limit();
      }
    };
  }

  private int count(Rule rule, int code) {
    return number(rule.of(), node -> rule.attribute().code(node) == code);
  }

  private int number(Footprint app, IntPredicate where) {
    return (int)
        standing.stream().filter(one -> one.app() == app && where.test(one.node())).count();
  }

  private int compare(Asker asker, List<Integer> able, int one, int other) {
    long[] mine = rank(asker, able, one);
    long[] theirs = rank(asker, able, other);
    for (int i = 0; i < mine.length; i++) {
      if (mine[i] != theirs[i]) {
        return Long.compare(mine[i], theirs[i]);
      }
    }
    int byScore =
        Double.compare(
            packing.score(table, one, asker.shape()), packing.score(table, other, asker.shape()));
    return byScore != 0 ? byScore : Integer.compare(one, other);
  }

  private long[] rank(Asker asker, List<Integer> able, int node) {
    long unmet = asker.shape().admission.unmet(node);
    for (Rule rule : asker.rules()) {
      if (!rule.isRequired() && !keeps(rule, node, able)) {
        unmet += rule.weight();
      }
    }
    int perNode = asker.perNode();
    boolean seeksRisk = asker.shape().demand.seeksRisk;
    int[] neighbours = table.neighbours(node);
    return new long[] {
      unmet,
      table.pressures[node] == Rank.MOST_PRESSURE ? 1 : 0,
      seeksRisk ? -table.risks[node] : table.risks[node],
      number(asker.siblings(), other -> other == node) / perNode,
      number(asker.siblings(), other -> contains(neighbours, other)) / perNode,
      Rank.coarse(packing.score(table, node, asker.shape())),
      table.pressures[node],
      asker.atHand == null || asker.atHand.on(node) > 0 ? 0 : 1
    };
  }

  private static boolean contains(int[] nodes, int wanted) {
    for (int node : nodes) {
      if (node == wanted) {
        return true;
      }
    }
    return false;
  }
}
