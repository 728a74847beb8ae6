package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.SlipwayPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Measures how tightly policies pack published workloads, which it reads from a directory: they
/// have no licence that would let them stand in this repository. One thread; the same directory
/// gives the same figures.
public final class PackingStudy {
  /// A figure of one policy on one workload.
  ///
  /// @param workload and what of it
  /// @param samples one an order of the tasks
  /// @param value the mean of them, or their 90th percentile
  /// @param reference what others reach, or what cannot be beaten, in the same unit
  public record Figure(
      String workload,
      String policy,
      String unit,
      double value,
      List<Double> samples,
      double reference) {
    public Figure {
      samples = List.copyOf(samples);
    }
  }

  /// The unit of figures about fleets.
  public static final String MACHINES = "machines";

  /// What the names of bounds begin with.
  public static final String BOUND = "bound-";

  public static final String BEST_BOUND = BOUND + "columns";

  /// The unit of how much of the published table can be measured; the reference is all of it.
  public static final String ROWS = "published rows";

  /// Who takes part everywhere: one line each.
  private static final List<Supplier<Policy>> POLICIES =
      List.of(
          () -> new ScoredPlacement(VectorScore.bestFit()),
          () -> new ScoredPlacement(VectorScore.firstFit()),
          FragmentationDescent::new,
          () -> new ScoredPlacement(PeerScores.nomad()),
          () -> new ScoredPlacement(PeerScores.kubernetesMost()),
          () -> new SlipwayPolicy("slipway", SlipwayPolicy::remainingUse, 0));

  /// Scores that were tried beside them.
  private static final List<Supplier<Policy>> TRIED =
      List.of(
          () -> new ScoredPlacement(VectorScore.dotProduct()),
          () -> new ScoredPlacement(VectorScore.shortestRest()),
          () -> new ScoredPlacement(VectorScore.cosine()),
          () -> new ScoredPlacement(new VectorFragmentation()));

  private static final String OPENB = "alibaba-gpu-v2023";
  private static final String NODES = "openb_node_list_gpu_node.csv";
  private static final String PUBLISHED = "fgd-results";
  private static final String PROTEAN = "azure-protean-cospot";
  private static final String DLRM = "alibaba-dlrm-v2025";
  private static final int FIRST_ORDER = 42;
  private static final int ORDERS = 10;
  private static final double PERCENTILE = 0.9;
  private static final String BEST_PUBLISHED = "06-FGD";

  private final Path traces;
  private final Consumer<Figure> found;
  private final Consumer<String> note;

  /// @param traces holds a directory for each set
  /// @param found told each figure once it is there
  /// @param note told what cannot be measured
  public PackingStudy(Path traces, Consumer<Figure> found, Consumer<String> note) {
    this.traces = traces;
    this.found = found;
    this.note = note;
  }

  /// The policies of the paper on fragmentation descent, built anew, beside what it published of
  /// them: the share of devices that is taken.
  public void published() throws IOException {
    tellRows();
    openb("01-Random", RandomPlacement::new);
    openb("02-DotProd", () -> new ScoredPlacement(PaperScores.dotProduct()));
    openb("05-BestFit", () -> new ScoredPlacement(PaperScores.bestFit()));
    openb(BEST_PUBLISHED, FragmentationDescent::new);
  }

  /// All policies beside the best that was published.
  public void openb() throws IOException {
    tellRows();
    for (Supplier<Policy> policy : POLICIES) {
      openb(BEST_PUBLISHED, policy);
    }
  }

  /// The machines that each policy needs for the fleets, beside a bound.
  public void compaction() throws IOException {
    compaction(POLICIES);
  }

  /// Scores beside those that take part everywhere, on all workloads.
  public void scores() throws IOException {
    for (Supplier<Policy> policy : TRIED) {
      openb(BEST_PUBLISHED, policy);
    }
    List<Supplier<Policy>> all = new ArrayList<>(POLICIES.subList(0, 1));
    all.addAll(TRIED);
    compaction(all);
  }

  private void openb(String published, Supplier<Policy> policy) throws IOException {
    PublishedResults results = PublishedResults.read(directory(PUBLISHED));
    for (Path list : lists(results.workloads()).values()) {
      Trace trace = OpenbTrace.read(directory(OPENB), NODES, list.getFileName().toString());
      Arrivals.Taken others = results.of(trace.name(), published);
      var arrivals = new Arrivals(trace);
      List<Double> atCapacity = new ArrayList<>();
      List<Double> atEnd = new ArrayList<>();
      for (int order = FIRST_ORDER; order < FIRST_ORDER + ORDERS; order++) {
        Arrivals.Taken taken = arrivals.run(policy.get(), order);
        atCapacity.add(taken.atCapacity());
        atEnd.add(taken.atEnd());
      }
      tell(trace.name() + "_100", policy, atCapacity, others.atCapacity());
      tell(trace.name() + "_130", policy, atEnd, others.atEnd());
    }
  }

  /// The lists of tasks that are at hand, by mix.
  private Map<String, Path> lists(List<String> mixes) throws IOException {
    Map<String, Path> lists = new LinkedHashMap<>();
    for (String mix : mixes) {
      for (String form : List.of(".csv", ".csv.gz")) {
        Path list = directory(OPENB).resolve("openb_pod_list_" + mix + form);
        if (Files.exists(list)) {
          lists.put(mix, list);
        }
      }
    }
    return lists;
  }

  /// How many rows of the published table can be measured, and which cannot.
  private void tellRows() throws IOException {
    List<String> missing = new ArrayList<>(PublishedResults.read(directory(PUBLISHED)).workloads());
    double all = missing.size();
    missing.removeAll(lists(missing).keySet());
    double there = all - missing.size();
    found.accept(new Figure("openb", "", ROWS, there, List.of(there), all));
    if (!missing.isEmpty()) {
      note.accept(
          "%d of the %.0f published rows cannot be measured, their lists of tasks are missing: %s"
              .formatted(missing.size(), all, String.join(" ", missing)));
    }
  }

  private void tell(String what, Supplier<Policy> policy, List<Double> samples, double others) {
    double mean = samples.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    found.accept(
        new Figure("openb_" + what, policy.get().name(), "% of devices", mean, samples, others));
  }

  /// @param policies best fit first, since all others are told beside it
  private void compaction(List<Supplier<Policy>> policies) throws IOException {
    for (Fleet fleet : fleets()) {
      int bound = new ColumnGeneration(fleet).solve(POLICIES).machines();
      compaction(fleet, policies.getFirst(), bound);
      tellBound(fleet, BOUND + "volume", LowerBounds.volume(fleet), bound);
      tellBound(fleet, BOUND + "martello-toth", LowerBounds.martelloToth(fleet), bound);
      tellBound(fleet, BEST_BOUND, bound, bound);
      for (Supplier<Policy> policy : policies.subList(1, policies.size())) {
        compaction(fleet, policy, bound);
      }
    }
  }

  private void compaction(Fleet fleet, Supplier<Policy> policy, int bound) {
    List<Double> needed =
        new Compaction(fleet).run(policy).stream().map(Integer::doubleValue).toList();
    List<Double> ordered = new ArrayList<>(needed);
    Collections.sort(ordered);
    double value = ordered.get((int) Math.ceil(PERCENTILE * ordered.size()) - 1);
    found.accept(new Figure(fleet.name(), policy.get().name(), MACHINES, value, needed, bound));
  }

  private void tellBound(Fleet fleet, String name, int machines, int bound) {
    double value = machines;
    found.accept(new Figure(fleet.name(), name, MACHINES, value, List.of(value), bound));
  }

  private List<Fleet> fleets() throws IOException {
    List<Fleet> fleets = new ArrayList<>();
    for (Amounts server : ProteanTrace.SERVERS) {
      for (String sample : List.of("batched", "bernoulli")) {
        fleets.add(ProteanTrace.read(directory(PROTEAN), sample, server));
      }
    }
    for (Amounts machine : DlrmTrace.MACHINES) {
      fleets.add(DlrmTrace.read(directory(DLRM), machine));
    }
    return fleets;
  }

  private Path directory(String set) throws IOException {
    Path directory = traces.resolve(set);
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "there is no %s; tell with --traces or SLIPWAY_TRACES where the published traces are"
              .formatted(directory));
    }
    return directory;
  }
}
