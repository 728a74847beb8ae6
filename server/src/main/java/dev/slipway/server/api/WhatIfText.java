package dev.slipway.server.api;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.placement.WhatIf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What became of what was supposed.
///
/// @param fits whether everything found a place
/// @param free what is left on all nodes together
/// @param nodes those that were given something and those that were added, at most
///     {@link #MOST_SHOWN}
/// @param nodesInAll how many there are of these
record WhatIfText(
    boolean fits, List<AskText> asks, Amounts free, List<PlaceText> nodes, int nodesInAll) {
  static final int MOST_SHOWN = 1000;

  private static final double THOUSAND = 1000;

  /// @param from the node that it would have to leave
  /// @param nodes how many stand where, at most {@link #MOST_SHOWN} nodes
  /// @param reasons how many nodes refuse one more for what first, where some found no place
  record AskText(
      String app,
      Optional<String> from,
      int wanted,
      int placed,
      int refused,
      Map<String, Integer> nodes,
      Map<Reason, Integer> reasons,
      Optional<String> why) {
    static AskText of(WhatIfWish.Asked asked, WhatIf.Given given) {
      var nodes = new TreeMap<String, Integer>();
      given.byNode().entrySet().stream()
          .limit(MOST_SHOWN)
          .forEach(entry -> nodes.put(entry.getKey().value(), entry.getValue()));
      return new AskText(
          asked.app().toString(),
          asked.from(),
          asked.ask().count(),
          given.placed(),
          given.refused(),
          nodes,
          given.survey().byReason(),
          given.refused() == 0 ? Optional.empty() : Optional.of(Verdicts.sentence(given.survey())));
    }
  }

  /// @param added whether it does not exist
  /// @param placed how many instances it was given
  record PlaceText(String node, boolean added, int placed, Amounts free) {}

  static WhatIfText of(WhatIfWish wish, WhatIf.Answer answer) {
    List<AskText> asks = new ArrayList<>();
    var placed = new TreeMap<NodeId, Integer>();
    for (int i = 0; i < answer.given().size(); i++) {
      WhatIf.Given given = answer.given().get(i);
      asks.add(AskText.of(wish.asks().get(i), given));
      given.byNode().forEach((node, count) -> placed.merge(node, count, Integer::sum));
    }
    List<PlaceText> nodes = new ArrayList<>();
    double[] free = new double[4];
    for (NodeRecord record : answer.after().byId().values()) {
      add(free, record.free());
      boolean added = wish.added().contains(record.id().value());
      int count = placed.getOrDefault(record.id(), 0);
      if (added || count > 0) {
        nodes.add(new PlaceText(record.id().value(), added, count, Amounts.of(record.free())));
      }
    }
    return new WhatIfText(
        asks.stream().allMatch(ask -> ask.refused() == 0),
        asks,
        new Amounts(
            free[0] / THOUSAND,
            free[1] / (double) Resources.MEBIBYTE,
            free[2] / (double) Resources.MEBIBYTE,
            free[3] / THOUSAND),
        nodes.stream().limit(MOST_SHOWN).toList(),
        nodes.size());
  }

  /// Nodes with less than nothing take nothing from the others. Whole units are added up, so that
  /// the sum is a round number.
  private static void add(double[] sums, Resources free) {
    sums[0] += Math.max(0, (double) free.milliCpus());
    sums[1] += Math.max(0, (double) free.memBytes());
    sums[2] += Math.max(0, (double) free.diskBytes());
    sums[3] += Math.max(0, (double) free.milliGpus());
  }
}
