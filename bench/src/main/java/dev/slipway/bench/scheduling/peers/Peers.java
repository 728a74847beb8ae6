package dev.slipway.bench.scheduling.peers;

import dev.slipway.bench.packing.FragmentationDescent;
import dev.slipway.bench.scheduling.Mix;
import dev.slipway.bench.scheduling.PlatformPolicy;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.SlipwayPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Who runs in benchmarks of placement. Each supplier gives a new one.
public final class Peers {
  /// Slipway's own: one line a way of using it.
  public static final List<Supplier<Policy>> OURS = List.of(SlipwayPolicy::new);

  /// What Slipway's users have: the same search behind nodes and requests as they are recorded.
  public static final Supplier<Policy> PLATFORM = PlatformPolicy::new;

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

  /// For tasks with devices: it knows nothing else to choose by.
  public static final Supplier<Policy> FRAGMENTATION_DESCENT = FragmentationDescent::new;

  private Peers() {}

  /// All that a mix is for.
  public static List<Supplier<Policy>> of(Mix mix) {
    List<Supplier<Policy>> all = new ArrayList<>();
    Stream.of(FITTING, SAMPLING, EXHAUSTIVE, FENZO).forEach(all::addAll);
    boolean isForDevices = mix.gpus() > 0 && mix.spread() == 0 && mix.affinity() == 0;
    if (isForDevices) {
      all.add(FRAGMENTATION_DESCENT);
    }
    return all;
  }

  private static Policy nomad() {
    return new StockPolicy("nomad", (stock, _) -> new Nomad(stock, false));
  }

  private static Policy kubernetes(String name, boolean most, boolean exhaustive) {
    return new StockPolicy(name, (stock, _) -> new Kubernetes(stock, most, exhaustive));
  }
}
