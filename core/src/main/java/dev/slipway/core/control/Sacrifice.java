package dev.slipway.core.control;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Tenancy.Tenant;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import java.util.Comparator;
import java.util.List;

/// The instances of one node that would be ended for another.
///
/// @param leaving those that are being ended anyway
record Sacrifice(NodeRecord node, List<Tenant> victims, List<Tenant> leaving)
    implements Comparable<Sacrifice> {
  /// The least harm first: victims of low priority, few of them, small ones; then by node.
  private static final Comparator<Sacrifice> ORDER =
      Comparator.comparingInt(Sacrifice::highest)
          .thenComparingInt(one -> one.victims().size())
          .thenComparingDouble(Sacrifice::size)
          .thenComparing(one -> one.node().id());

  Sacrifice {
    victims = List.copyOf(victims);
    leaving = List.copyOf(leaving);
  }

  @Override
  public int compareTo(Sacrifice other) {
    return ORDER.compare(this, other);
  }

  /// The highest priority of any victim.
  int highest() {
    int highest = Integer.MIN_VALUE;
    for (Tenant victim : victims) {
      highest = Math.max(highest, victim.crew().reserve().priority());
    }
    return highest;
  }

  private double size() {
    double sum = 0;
    for (Tenant victim : victims) {
      sum += size(victim.instance(), node);
    }
    return sum;
  }

  /// The largest part of anything of the node that the instance takes.
  static double size(Instance instance, NodeRecord node) {
    Resources taken = instance.place().orElseThrow().resources();
    Resources all = node.node().capacity();
    return Math.max(
        Math.max(part(taken.milliCpus(), all.milliCpus()), part(taken.memBytes(), all.memBytes())),
        Math.max(
            part(taken.diskBytes(), all.diskBytes()), part(taken.milliGpus(), all.milliGpus())));
  }

  private static double part(long taken, long all) {
    return all <= 0 ? 0 : taken / (double) all;
  }
}
