package dev.slipway.core.scheduling;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// The nodes in parts that nobody tells apart: neither by which nodes it may stand on, nor by what
/// it prefers, nor by the attributes that its rules speak of. Each new wish may split parts. So
/// askers with different wishes share one order of the nodes, and each takes the best of the parts
/// that are open to it.
final class Parts {
  private final NodeTable table;
  private final int most;
  private final IdentityHashMap<Object, Boolean> known = new IdentityHashMap<>();
  private final IdentityHashMap<Admission, View> views = new IdentityHashMap<>();
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

  /// The parts that are open to requests; to be called when {@link #tellApart} had room.
  View view(Admission admission) {
    View known = views.get(admission);
    if (known == null) {
      int[] unmet = new int[grouping.count()];
      for (int part = 0; part < unmet.length; part++) {
        unmet[part] = label(admission, grouping.representatives()[part]);
      }
      known = View.of(unmet);
      views.put(admission, known);
    }
    return known;
  }

  private static int label(Admission admission, int node) {
    return admission.nodes.get(node) ? admission.unmet(node) : View.CLOSED;
  }

  /// Splits parts until what is admitted and the attributes are the same of all nodes of a part.
  ///
  /// @return whether there was room for all parts
  boolean tellApart(Admission admission, List<Attribute> attributes) {
    for (Attribute attribute : attributes) {
      if (attribute.cardinality() > most || !split(attribute, attribute::code)) {
        return false;
      }
    }
    return split(admission, node -> label(admission, node));
  }

  private boolean split(Object by, IntUnaryOperator label) {
    Boolean done = known.get(by);
    if (done == null) {
      done = split(label);
      known.put(by, done);
    }
    return done;
  }

  private boolean split(IntUnaryOperator label) {
    int[] groups = new int[table.size];
    long[] found = new long[most];
    int count = 0;
    for (int node = 0; node < table.size; node++) {
      // The part and the label as one number.
      long both = ((long) grouping.of(node) << 32) | (label.applyAsInt(node) & 0xFFFF_FFFFL);
      int part = 0;
      while (part < count && found[part] != both) {
        part++;
      }
      if (part == most) {
        return false;
      }
      found[part] = both;
      count = Math.max(count, part + 1);
      groups[node] = part;
    }
    if (count > grouping.count()) {
      grouping = Grouping.of(groups, count);
      views.clear();
    }
    return true;
  }
}
