package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.ArrayList;
import java.util.List;

/// How scarce each dimension is, devices aside: what a workload asks for of what there is.
///
/// @param weights one a dimension; together 1, or all 0 when nothing is asked for
record Scarcity(List<Double> weights) {
  Scarcity {
    weights = List.copyOf(weights);
  }

  static Scarcity of(List<Host> hosts, List<Task> expected) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < hosts.getFirst().capacity().dimensions(); i++) {
      int dimension = i;
      double there = hosts.stream().mapToDouble(host -> host.capacity().of(dimension)).sum();
      double asked = expected.stream().mapToDouble(task -> task.request().of(dimension)).sum();
      ratios.add(there == 0 ? 0 : asked / there);
    }
    return new Scarcity(shares(ratios));
  }

  private static List<Double> shares(List<Double> amounts) {
    double sum = amounts.stream().mapToDouble(Double::doubleValue).sum();
    return amounts.stream().map(amount -> sum == 0 ? 0 : amount / sum).toList();
  }

  /// What share of a host is free, the scarce dimensions counting more.
  double free(HostState state) {
    double free = 0;
    for (int i = 0; i < weights.size(); i++) {
      if (state.capacity(i) > 0) {
        free += weights.get(i) * state.free(i) / state.capacity(i);
      }
    }
    return free;
  }
}
