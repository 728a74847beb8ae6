package dev.slipway.core.scheduling;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// The nodes in parts that nobody tells apart: neither by which nodes it may stand on, nor by what
/// it prefers, nor by the attributes that its rules speak of. Each new wish may split parts. So
/// askers with different wishes share one order of the nodes, and each takes the best of the parts
/// that are open to it.
final class Parts {
  private final NodeTable table;
  private final int most;
  private final Map<Object, Boolean> known = new IdentityHashMap<>();
  private Grouping grouping;

  /// @param most parts that there may be
  Parts(NodeTable table, int most) {
    this.table = table;
    this.most = most;
    grouping = Grouping.ofAll(table);
  }

  /// The parts as they are now.
  Grouping grouping() {
    return grouping;
  }

  /// Splits parts until what the shape and the attributes say is the same of all nodes of a part.
  ///
  /// @return whether there was room for all parts
  boolean tellApart(Shape shape, List<Attribute> attributes) {
    for (Attribute attribute : attributes) {
      if (attribute.cardinality() > most || !split(attribute, attribute::code)) {
        return false;
      }
    }
    return split(shape, node -> shape.admitted.get(node) ? shape.unmet(node) : -1);
  }

  private boolean split(Object by, IntUnaryOperator label) {
    return known.computeIfAbsent(by, any -> split(label));
  }

  private boolean split(IntUnaryOperator label) {
    Map<Long, Integer> numbers = new HashMap<>();
    int[] groups = new int[table.size];
    for (int node = 0; node < table.size; node++) {
      long both = ((long) grouping.of(node) << 32) | (label.applyAsInt(node) & 0xFFFF_FFFFL);
      groups[node] = numbers.computeIfAbsent(both, fresh -> numbers.size());
      if (numbers.size() > most) {
        return false;
      }
    }
    if (numbers.size() > grouping.count()) {
      grouping = Grouping.of(groups, numbers.size());
    }
    return true;
  }
}
