package dev.slipway.server.api;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.PlacementPolicy;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The placement policy, as the API shows and takes it.
record PolicyText(
    int cpuOvercommitPercent,
    SortedMap<String, SlotsText> headroom,
    PreemptionText preemption,
    RebalancingText rebalancing) {

  /// @param constraints each as the attribute, the operator and its value
  record SlotsText(
      int count,
      double cpus,
      double mem,
      double disk,
      Number gpus,
      List<List<String>> constraints) {
    static SlotsText of(HeadroomClass wanted) {
      var each = Amounts.of(wanted.resources());
      return new SlotsText(
          wanted.count(),
          each.cpus(),
          each.mem(),
          each.disk(),
          each.gpus(),
          wanted.constraints().stream().map(SlotsText::words).toList());
    }

    private static List<String> words(Constraint constraint) {
      return List.of(
          constraint.field(), constraint.operator().name(), constraint.value().orElse(""));
    }
  }

  record PreemptionText(boolean enabled, int victimsPerMinute) {}

  record RebalancingText(
      boolean automatic, int movesAtOnce, double minimumGain, long intervalSeconds) {}

  static PolicyText of(PlacementPolicy policy) {
    var headroom = new TreeMap<String, SlotsText>();
    policy.headroom().forEach((name, wanted) -> headroom.put(name, SlotsText.of(wanted)));
    var preemption = policy.preemption();
    var rebalancing = policy.rebalancing();
    return new PolicyText(
        policy.cpuOvercommitPercent(),
        headroom,
        new PreemptionText(preemption.enabled(), preemption.victimsPerMinute()),
        new RebalancingText(
            rebalancing.automatic(),
            rebalancing.movesAtOnce(),
            rebalancing.minimumGain(),
            rebalancing.interval().toSeconds()));
  }
}
