package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.packing.PackingStudy;
import dev.slipway.bench.packing.PackingStudy.Figure;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// How tightly tasks are packed, on published workloads. Everything is counted and drawn from
/// seeds, so that each part runs once, however many runs are asked for.
final class PackingBenchmark implements Benchmark {
  /// What a policy built anew may be off from what was published of it.
  private static final double FAITHFUL = 0.5;

  /// Of the machines that best fit needs, three in a hundred fewer.
  private static final double FEWER = 0.97;

  private static final String BEST_FIT = "best-fit";

  /// The policy that is Slipway's; the bars are for it.
  private static final String OURS = "slipway";

  private interface Part {
    void run(PackingStudy study) throws IOException;
  }

  private static final Map<String, Part> PARTS = inOrder();

  private PackingBenchmark() {}

  private static Map<String, Part> inOrder() {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("published", PackingStudy::published);
    parts.put("openb", PackingStudy::openb);
    parts.put("compaction", PackingStudy::compaction);
    parts.put("scores", PackingStudy::scores);
    return parts;
  }

  static Benchmark create() {
    return new PackingBenchmark();
  }

  @Override
  public String name() {
    return "packing";
  }

  @Override
  public String about() {
    return "devices and machines that policies need for published workloads, and bounds";
  }

  @Override
  public List<String> parts() {
    return List.copyOf(PARTS.keySet());
  }

  @Override
  public boolean run(
      Workplace workplace, List<String> wanted, int runs, Consumer<Measurement> found) {
    boolean whole = true;
    for (Map.Entry<String, Part> each : PARTS.entrySet()) {
      String part = each.getKey();
      if (!wanted.contains(part)) {
        continue;
      }
      Map<String, Double> bestFit = new HashMap<>();
      var study =
          new PackingStudy(
              workplace.traces(), figure -> found.accept(measurement(part, figure, bestFit)));
      try {
        each.getValue().run(study);
      } catch (IOException | RuntimeException failure) {
        workplace.note("bench packing %s failed: %s".formatted(part, failure.getMessage()));
        whole = false;
      }
    }
    return whole;
  }

  /// @param bestFit machines that best fit needed, by workload, as far as they are known
  private static Measurement measurement(String part, Figure figure, Map<String, Double> bestFit) {
    if (part.equals("published")) {
      return distance(figure);
    }
    boolean isMachines = figure.unit().equals(PackingStudy.MACHINES);
    if (isMachines && figure.policy().equals(BEST_FIT)) {
      bestFit.put(figure.workload(), figure.value());
    }
    double least = Collections.min(figure.samples());
    double most = Collections.max(figure.samples());
    double against = bestFit.getOrDefault(figure.workload(), figure.reference());
    return new Measurement(
        "packing",
        new Metric(
            figure.workload() + (isMachines ? "_machines" : "_taken"),
            figure.unit(),
            bar(figure, isMachines, against),
            !isMachines),
        // The median of these is the figure, which is a mean or a percentile of all.
        Samples.of(least, figure.value(), most),
        "./slipway bench packing " + part,
        Optional.of(figure.policy()),
        OptionalDouble.of(figure.value() / against));
  }

  /// How far a policy built anew is from what was published of it.
  private static Measurement distance(Figure figure) {
    return new Measurement(
        "packing",
        Metric.atMost(FAITHFUL, figure.workload() + "_off", "points"),
        Samples.of(Math.abs(figure.value() - figure.reference())),
        "./slipway bench packing published",
        Optional.of(figure.policy()),
        OptionalDouble.of(figure.value() / figure.reference()));
  }

  private static Optional<Double> bar(Figure figure, boolean isMachines, double against) {
    if (!figure.policy().equals(OURS)) {
      return Optional.empty();
    }
    return Optional.of(isMachines ? FEWER * against : against);
  }
}
