package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.packing.PackingStudy;
import dev.slipway.bench.packing.PackingStudy.Figure;
import java.io.IOException;
import java.util.ArrayList;
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
      Consumer<String> note = line -> workplace.note("bench packing %s: %s".formatted(part, line));
      var study =
          new PackingStudy(
              workplace.traces(),
              figure -> {
                measurements(part, figure, bestFit).forEach(found);
                unreachable(figure, bestFit).ifPresent(note);
              },
              note);
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
  private static List<Measurement> measurements(
      String part, Figure figure, Map<String, Double> bestFit) {
    return switch (figure.unit()) {
      case PackingStudy.ROWS -> List.of(rows(part, figure));
      case PackingStudy.MACHINES -> machines(part, figure, bestFit);
      default ->
          List.of(part.equals("published") ? distance(figure) : taken(command(part), figure));
    };
  }

  private static String command(String part) {
    return "./slipway bench packing " + part;
  }

  /// Of the published rows, how many can be measured.
  private static Measurement rows(String part, Figure figure) {
    return new Measurement(
        "packing",
        Metric.told("openb_rows_at_hand", "of %.0f".formatted(figure.reference())),
        Samples.of(figure.value()),
        command(part));
  }

  private static Measurement taken(String command, Figure figure) {
    return new Measurement(
        "packing",
        new Metric(
            figure.workload() + "_taken",
            figure.unit(),
            isOurs(figure) ? Optional.of(figure.reference()) : Optional.empty(),
            true),
        spread(figure),
        command,
        Optional.of(figure.policy()),
        OptionalDouble.of(figure.value() / figure.reference()));
  }

  /// The median of these is the figure, which is a mean or a percentile of all.
  private static Samples spread(Figure figure) {
    double least = Collections.min(figure.samples());
    double most = Collections.max(figure.samples());
    return Samples.of(least, figure.value(), most);
  }

  /// Beside the machines themselves, what part was reached of what is possible: from best fit to
  /// the bound. Where best fit needs no more than the bound nothing is.
  private static List<Measurement> machines(
      String part, Figure figure, Map<String, Double> bestFit) {
    boolean isBestFit = figure.policy().equals(BEST_FIT);
    if (isBestFit) {
      bestFit.put(figure.workload(), figure.value());
    }
    double against = bestFit.getOrDefault(figure.workload(), figure.value());
    List<Measurement> told = new ArrayList<>();
    told.add(
        new Measurement(
            "packing",
            new Metric(
                figure.workload() + "_machines",
                figure.unit(),
                isOurs(figure) ? Optional.of(FEWER * against) : Optional.empty(),
                false),
            spread(figure),
            command(part),
            Optional.of(figure.policy()),
            OptionalDouble.of(figure.value() / against)));
    double possible = against - figure.reference();
    if (possible > 0 && !isBestFit && !figure.policy().startsWith(PackingStudy.BOUND)) {
      told.add(
          new Measurement(
              "packing",
              Metric.told(
                  figure.workload() + "_of_possible", "%% of %.0f machines".formatted(possible)),
              Samples.of(100 * (against - figure.value()) / possible),
              command(part),
              Optional.of(figure.policy()),
              OptionalDouble.empty()));
    }
    return told;
  }

  /// Says so where the bar is below what any policy needs.
  private static Optional<String> unreachable(Figure figure, Map<String, Double> bestFit) {
    double bar = FEWER * bestFit.getOrDefault(figure.workload(), Double.POSITIVE_INFINITY);
    return figure.policy().equals(PackingStudy.BEST_BOUND) && figure.value() > bar
        ? Optional.of(
            "no policy can meet the bar of %.1f for %s: each needs %.0f or more"
                .formatted(bar, figure.workload(), figure.value()))
        : Optional.empty();
  }

  private static boolean isOurs(Figure figure) {
    return figure.policy().equals(OURS);
  }

  /// How far a policy built anew is from what was published of it.
  private static Measurement distance(Figure figure) {
    return new Measurement(
        "packing",
        Metric.atMost(FAITHFUL, figure.workload() + "_off", "points"),
        Samples.of(Math.abs(figure.value() - figure.reference())),
        command("published"),
        Optional.of(figure.policy()),
        OptionalDouble.of(figure.value() / figure.reference()));
  }
}
