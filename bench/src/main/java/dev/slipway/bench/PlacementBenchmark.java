package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.scheduling.Mix;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Workload;
import dev.slipway.bench.scheduling.Workload.Occupancy;
import dev.slipway.bench.scheduling.peers.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// How fast tasks are placed, beside other schedulers in this process: the same hosts and tasks for
/// all, each decision checked by a referee.
///
/// @param all what can be measured alone
record PlacementBenchmark(List<Part> all) implements Benchmark {
  private static final int HOSTS = 5_000;
  private static final int TYPES = 8;
  private static final int BATCH = 200;
  private static final double SHARE_OF_UNCONSTRAINED = 0.5;
  private static final Contest.Pace PACE =
      new Contest.Pace(Duration.ofSeconds(1), Duration.ofSeconds(3));

  /// The part that is all other ones without peers.
  private static final String OURS = "ours";

  /// With whom ours is compared.
  enum Rivals {
    /// All that the workload is for.
    PEERS,
    /// Itself, as its users have it.
    PLATFORM,
    NONE
  }

  /// @param workloads all contestants run on each
  /// @param constrained whether ours is held to a share of what it reaches without constraints
  record Part(String name, List<Workload> workloads, boolean constrained, Rivals rivals) {
    List<Supplier<Policy>> peers(Workload workload) {
      return switch (rivals) {
        case PEERS -> Peers.of(workload.mix());
        case PLATFORM -> List.of(Peers.PLATFORM);
        case NONE -> List.of();
      };
    }

    Part alone() {
      return new Part(OURS, workloads, constrained, Rivals.NONE);
    }
  }

  static PlacementBenchmark create() {
    List<Part> parts = new ArrayList<>();
    Workload equal = Workload.of(HOSTS, 1, Mix.EQUAL);
    Workload common = Workload.of(HOSTS, TYPES, Mix.NONE);
    parts.add(part("equal", equal, equal.inBatchesOf(Workload.ALL)));
    for (int hosts : new int[] {100, 1_000, 5_000, 10_000}) {
      parts.add(part("hosts-" + hosts, Workload.of(hosts, TYPES, Mix.NONE)));
    }
    parts.add(part("types", Workload.of(HOSTS, 1, Mix.NONE), Workload.of(HOSTS, 60, Mix.NONE)));
    parts.add(part("batches", common.inBatchesOf(BATCH), common.inBatchesOf(Workload.ALL)));
    for (Mix mix : Mix.CONSTRAINED) {
      parts.add(new Part(mix.name(), List.of(Workload.of(HOSTS, TYPES, mix)), true, Rivals.PEERS));
    }
    parts.add(part("full", common.with(Occupancy.EIGHTY), common.with(Occupancy.TAIL)));
    Workload mixed = Workload.of(HOSTS, TYPES, Mix.CONSTRAINED.getLast());
    parts.add(part("full-mixed", mixed.with(Occupancy.EIGHTY), mixed.with(Occupancy.TAIL)));
    parts.add(part("churn", common.with(Occupancy.CHURN), mixed.with(Occupancy.CHURN)));
    List<Workload> recorded = List.of(common, Workload.of(2 * HOSTS, TYPES, Mix.NONE));
    parts.add(new Part("platform", recorded, false, Rivals.PLATFORM));
    return new PlacementBenchmark(List.copyOf(parts));
  }

  private static Part part(String name, Workload... workloads) {
    return new Part(name, List.of(workloads), false, Rivals.PEERS);
  }

  @Override
  public String name() {
    return "placement";
  }

  @Override
  public String about() {
    return "decisions of schedulers in one process, ours and others', checked by a referee";
  }

  @Override
  public List<String> parts() {
    return Stream.concat(all.stream().map(Part::name), Stream.of(OURS)).toList();
  }

  @Override
  public boolean run(
      Workplace workplace, List<String> wanted, int runs, Consumer<Measurement> found)
      throws InterruptedException {
    boolean whole = true;
    List<Part> chosen = new ArrayList<>(all);
    chosen.removeIf(part -> !wanted.contains(part.name()));
    if (wanted.contains(OURS)) {
      all.stream()
          .filter(part -> part.rivals() == Rivals.PEERS)
          .map(Part::alone)
          .forEach(chosen::add);
    }
    for (Part part : chosen) {
      try {
        measure(part, runs, workplace::note, found);
      } catch (RuntimeException failure) {
        workplace.note("bench placement %s failed: %s".formatted(part.name(), failure));
        whole = false;
      }
    }
    return whole;
  }

  private static void measure(
      Part part, int runs, Consumer<String> note, Consumer<Measurement> found) {
    String command = "./slipway bench placement " + part.name() + " --runs " + runs;
    for (Workload workload : part.workloads()) {
      OptionalDouble ours =
          new Contest(workload, Peers.OURS, part.peers(workload), PACE)
              .run(runs, command, note, found);
      if (part.constrained() && ours.isPresent()) {
        Workload free = Workload.of(workload.hosts(), workload.types(), Mix.NONE);
        OptionalDouble unconstrained =
            new Contest(free, Peers.OURS.subList(0, 1), List.of(), PACE)
                .run(runs, command, note, _ -> {});
        double share = ours.getAsDouble() / unconstrained.orElseThrow();
        found.accept(
            new Measurement(
                "placement",
                Metric.atLeast(
                    SHARE_OF_UNCONSTRAINED, workload.name() + ".share_of_unconstrained", "x"),
                Samples.of(share),
                command));
      }
    }
  }
}
