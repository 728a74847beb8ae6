package dev.slipway.core.placement;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What an app asks of where its instances stand to each other and to those of other apps, made
/// ready for one placement.
final class Proximity {
  private Proximity() {}

  /// Even over the values of an attribute.
  ///
  /// @param able the nodes that could take the instance but for rules of this kind
  static Rule spread(Scheduling.Spread spread, Siblings siblings, Collection<Node> able) {
    var field = new Field(spread.attribute());
    return new Rule(
        "spread over %s with a skew of %d".formatted(spread.attribute(), spread.maxSkew()),
        field,
        false,
        Rule.even(siblings.byValue(field), field, spread.maxSkew(), able));
  }

  /// Where the other app is; anywhere while it is nowhere.
  static Rule affinity(Scheduling.Affinity affinity, Nodes nodes) {
    Map<String, Integer> others = counts(affinity, nodes);
    return new Rule(
        "with %s by %s".formatted(affinity.app(), affinity.attribute()),
        new Field(affinity.attribute()),
        false,
        value ->
            others.isEmpty() || others.containsKey(value)
                ? Optional.empty()
                : Optional.of("'%s' has no instance of %s".formatted(value, affinity.app())));
  }

  /// Where the other app is not.
  static Rule antiAffinity(Scheduling.Affinity affinity, Nodes nodes) {
    Map<String, Integer> others = counts(affinity, nodes);
    return new Rule(
        "apart from %s by %s".formatted(affinity.app(), affinity.attribute()),
        new Field(affinity.attribute()),
        false,
        value ->
            others.containsKey(value)
                ? Optional.of(
                    "'%s' has %d instances of %s"
                        .formatted(value, others.get(value), affinity.app()))
                : Optional.empty());
  }

  private static Map<String, Integer> counts(Scheduling.Affinity affinity, Nodes nodes) {
    var field = new Field(affinity.attribute());
    Map<String, Integer> counts = new HashMap<>();
    for (NodeRecord record : nodes.byId().values()) {
      int here = count(record, affinity.app());
      if (here > 0) {
        field.of(record.node()).ifPresent(value -> counts.merge(value, here, Integer::sum));
      }
    }
    return counts;
  }

  private static int count(NodeRecord record, PathId app) {
    int count = 0;
    for (PathId one : record.instances().values()) {
      count += one.equals(app) ? 1 : 0;
    }
    return count;
  }
}
