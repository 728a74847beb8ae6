package dev.slipway.bench.scheduling.peers;

import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.SlipwayPolicy;
import java.util.List;
import java.util.function.Supplier;

/// Who runs in benchmarks of placement. Each supplier gives a new one.
public final class Peers {
  /// Slipway's own: one line a way of using it.
  public static final List<Supplier<Policy>> OURS = List.of(SlipwayPolicy::new);

  /// Policies that look at as many hosts as their origins do.
  public static final List<Supplier<Policy>> SAMPLING =
      List.of(
          Peers::nomad,
          () -> kubernetes("kubernetes-least", false, false),
          () -> kubernetes("kubernetes-most", true, false));

  /// The same policies looking at all hosts.
  public static final List<Supplier<Policy>> EXHAUSTIVE =
      List.of(
          () -> new StockPolicy("nomad-exhaustive", (stock, _) -> new Nomad(stock, true)),
          () -> kubernetes("kubernetes-least-exhaustive", false, true),
          () -> kubernetes("kubernetes-most-exhaustive", true, true));

  /// The classics.
  public static final List<Supplier<Policy>> FITTING =
      List.of(
          () -> new StockPolicy("first-fit", (stock, _) -> new FirstFit(stock)),
          () -> new StockPolicy("best-fit", BestFit::begin));

  /// Netflix's library itself: stopping never early, and at a fitness of one half.
  public static final List<Supplier<Policy>> FENZO =
      List.of(() -> new Fenzo("fenzo-1.0", 1.0), () -> new Fenzo("fenzo-0.5", 0.5));

  private Peers() {}

  private static Policy nomad() {
    return new StockPolicy("nomad", (stock, _) -> new Nomad(stock, false));
  }

  private static Policy kubernetes(String name, boolean most, boolean exhaustive) {
    return new StockPolicy(name, (stock, _) -> new Kubernetes(stock, most, exhaustive));
  }
}
