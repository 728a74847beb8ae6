package dev.slipway.core.scheduling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All orders of nodes that are kept: by demand, by shape, and by asker. When there is no room for
/// another one, the one is given up that was not used for longest.
final class Rankings {
  private final NodeTable table;
  private final Packing packing;
  private final int most;

  /// By demand, by what askers of a shape have in common, or by asker.
  private final Map<Object, Ranking> kept = new HashMap<>();

  private final Map<Grouped, Grouping> groupings = new HashMap<>();
  private long uses;

  /// A shape, and the attributes by which its nodes are grouped.
  private record Common(Shape shape, List<Attribute> attributes) {}

  /// Nodes, and the attributes by which they are grouped.
  private record Grouped(Admission admission, List<Attribute> attributes) {}

  /// @param most rankings that are kept
  Rankings(NodeTable table, Packing packing, int most) {
    this.table = table;
    this.packing = packing;
    this.most = most;
  }

  /// That of all who have the asker's demand.
  Ranking ofDemand(Asker asker, Grouping grouping) {
    Demand demand = asker.shape().demand;
    Ranking known = kept.get(demand);
    return known == null
        ? keep(demand, new Ranking(table, packing, grouping, asker.shape(), false, null))
        : known;
  }

  /// That of all who have the asker's shape, and whose rules are about the same groups.
  Ranking ofShape(Asker asker, Grouping grouping) {
    var common = new Common(asker.shape(), asker.attributes);
    Ranking known = kept.get(common);
    return known == null
        ? keep(common, new Ranking(table, packing, grouping, asker.shape(), true, null))
        : known;
  }

  /// That of the asker alone.
  Ranking ofAsker(Asker asker, Grouping grouping) {
    Ranking known = kept.get(asker);
    return known == null
        ? keep(asker, new Ranking(table, packing, grouping, asker.shape(), true, asker.ofNodes))
        : known;
  }

  /// Notes that the ranking is used.
  Ranking use(Ranking ranking) {
    ranking.used = ++uses;
    return ranking;
  }

  private Ranking keep(Object key, Ranking ranking) {
    if (kept.size() >= most) {
      forgetOne();
    }
    kept.put(key, ranking);
    return ranking;
  }

  private void forgetOne() {
    Map.@Nullable Entry<Object, Ranking> eldest = null;
    long least = Long.MAX_VALUE;
    for (Map.Entry<Object, Ranking> each : kept.entrySet()) {
      if (each.getValue().used < least) {
        least = each.getValue().used;
        eldest = each;
      }
    }
    if (eldest != null) {
      kept.remove(eldest.getKey());
      eldest.getValue().drop();
    }
  }

  /// The nodes that the asker's shape may stand on, by the values that they have for the attributes
  /// of its rules: those of one group are alike for these.
  Grouping grouping(Asker asker) {
    if (groupings.size() > most) {
      groupings.clear();
    }
    return groupings.computeIfAbsent(
        new Grouped(asker.shape().admission, asker.attributes), this::grouping);
  }

  private Grouping grouping(Grouped common) {
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    int[] groups = new int[table.size];
    for (int node = 0; node < table.size; node++) {
      int at = node;
      groups[node] =
          common.admission().nodes.get(node)
              ? numbers.computeIfAbsent(
                  common.attributes().stream().map(attribute -> attribute.code(at)).toList(),
                  fresh -> numbers.size())
              : Grouping.NONE;
    }
    return Grouping.of(groups, numbers.size());
  }
}
