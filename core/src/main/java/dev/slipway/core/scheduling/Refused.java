package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.List;

/// Counts for what nodes are refused: each is looked at once, and then at what stands at its values
/// where rules have a say.
final class Refused {
  private final NodeTable table;
  private final List<Rule> plain = new ArrayList<>();
  private final List<Rule> even = new ArrayList<>();
  private final byte[] refusals;

  private Refused(NodeTable table, Asker asker) {
    this.table = table;
    for (Rule rule : asker.rules()) {
      if (rule.isRequired()) {
        (rule.kind() == Rule.Kind.EVEN ? even : plain).add(rule);
      }
    }
    refusals = new byte[table.size];
    for (int node = 0; node < table.size; node++) {
      refusals[node] = (byte) asker.shape().refusal(table, node);
    }
  }

  /// @return how many nodes are refused for what first, by {@link Refusal}
  static int[] count(NodeTable table, Asker asker) {
    var refused = new Refused(table, asker);
    for (Rule rule : refused.plain) {
      refused.apply(rule, rule.leastOfSome());
    }
    int[] least = refused.even.stream().mapToInt(refused::leastOpen).toArray();
    for (int rule = 0; rule < least.length; rule++) {
      refused.apply(refused.even.get(rule), least[rule]);
    }
    int[] counts = new int[Refusal.FIRST_DIMENSION + table.dimensions];
    for (byte refusal : refused.refusals) {
      counts[refusal]++;
    }
    return counts;
  }

  private void apply(Rule rule, int least) {
    boolean[] allowed = new boolean[rule.attribute().cardinality()];
    for (int code = 0; code < allowed.length; code++) {
      allowed[code] = rule.allows(code, least);
    }
    for (int node = 0; node < table.size; node++) {
      int code = rule.attribute().code(node);
      if (refusals[node] != Refusal.NOT_ADMITTED && (code == Attribute.NONE || !allowed[code])) {
        refusals[node] = Refusal.RULE;
      }
    }
  }

  /// The least number at any value of which a node could take the task but for even spreads.
  private int leastOpen(Rule rule) {
    int[] counts = rule.of().by(rule.attribute());
    int least = Integer.MAX_VALUE;
    for (int node = 0; node < table.size; node++) {
      int code = rule.attribute().code(node);
      if (refusals[node] == Refusal.NONE && code != Attribute.NONE) {
        least = Math.min(least, counts[code]);
      }
    }
    return least;
  }
}
