package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A typical request that stands for others like it, too.
///
/// @param request with the weight of all of them
/// @param most how many tasks with it an empty node takes, the best one; 1 or more
record RequestClass(TypicalRequest request, long most) {
  /// So many classes stand for all requests. With 32 one row of the published table is missed by a
  /// hair, where tasks share devices in many sizes.
  private static final int MOST = 64;

  private static final Comparator<RequestClass> MOST_WANTED =
      Comparator.comparingDouble(RequestClass::importance).reversed();

  boolean isPlain() {
    return request.thousandths() == 0;
  }

  /// How much comes by it: small requests count for less than their number, large ones for less
  /// than their volume.
  private double importance() {
    return request.weight() / Math.sqrt((double) most);
  }

  /// The most important classes; each of the other requests that some node takes counts with the
  /// class that is most like it.
  ///
  /// @param typical in a fixed order, by which ties are broken
  static List<RequestClass> fewOf(NodeTable table, List<TypicalRequest> typical) {
    List<RequestClass> all = onNodes(table, typical);
    all.sort(MOST_WANTED);
    List<RequestClass> kept = all.subList(0, Math.min(MOST, all.size()));
    long[] weights = new long[kept.size()];
    for (int i = 0; i < all.size(); i++) {
      int counted = i < kept.size() ? i : nearest(all.get(i).request(), kept);
      weights[counted] += all.get(i).request().weight();
    }
    List<RequestClass> few = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      few.add(new RequestClass(kept.get(i).request().weighing(weights[i]), kept.get(i).most()));
    }
    return few;
  }

  private static List<RequestClass> onNodes(NodeTable table, List<TypicalRequest> typical) {
    var slots = new Slots(table.dimensions, typical);
    long[] most = new long[typical.size()];
    for (int node = 0; node < table.size; node++) {
      for (int request = 0; request < most.length; request++) {
        int thousandths = typical.get(request).thousandths();
        if (table.allDevices[node] >= thousandths) {
          long fit = slots.of(request, table.capacity, node * table.dimensions);
          long onDevices = thousandths == 0 ? fit : table.allDevices[node] / thousandths;
          most[request] = Math.max(most[request], Math.min(fit, onDevices));
        }
      }
    }
    List<RequestClass> all = new ArrayList<>();
    for (int request = 0; request < most.length; request++) {
      if (most[request] > 0 && typical.get(request).asksForAnything()) {
        all.add(new RequestClass(typical.get(request), most[request]));
      }
    }
    return all;
  }

  private static int nearest(TypicalRequest one, List<RequestClass> kept) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < kept.size(); i++) {
      double distance = distance(one, kept.get(i).request());
      if (distance < least) {
        least = distance;
        nearest = i;
      }
    }
    return nearest;
  }

  private static double distance(TypicalRequest one, TypicalRequest other) {
    double distance = difference(one.thousandths(), other.thousandths());
    for (int dimension = 0; dimension < one.amounts().size(); dimension++) {
      distance += difference(one.amounts().get(dimension), other.amounts().get(dimension));
    }
    return distance;
  }

  /// As a part of the larger one.
  private static double difference(long one, long other) {
    return one == other ? 0 : Math.abs(one - other) / (double) Math.max(one, other);
  }
}
