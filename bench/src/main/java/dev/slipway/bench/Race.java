package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// Several who do the same work in turn, run after run, so that a busy moment of the machine hits
/// all of them. Their figures are told beside each other, with Slipway's ratio to each.
///
/// @param bench the benchmark's name
/// @param part its part, for the command
/// @param entrants Slipway itself has the name [#OURS]
record Race(String bench, String part, List<Entrant> entrants) {
  static final String OURS = "slipway";

  /// One who does the work.
  record Entrant(String name, Run run) {
    boolean isOurs() {
      return name.equals(OURS);
    }
  }

  /// Does it once.
  interface Run {
    /// @return what it took, in the order in which it is told
    Map<Metric, Double> once() throws IOException, InterruptedException;
  }

  /// What was found.
  ///
  /// @param figures of all, Slipway's first
  /// @param whole whether every run gave some
  record Result(List<Measurement> figures, boolean whole) {}

  /// Runs all of them. Who fails is told; the others go on, and so does its next run.
  Result run(int runs, Consumer<String> note) throws InterruptedException {
    boolean whole = true;
    Map<Entrant, Map<Metric, List<Double>>> values = new LinkedHashMap<>();
    for (int run = 1; run <= runs; run++) {
      for (Entrant entrant : entrants) {
        String which =
            "bench %s %s %s: run %d of %d".formatted(bench, part, entrant.name(), run, runs);
        try {
          Map<Metric, Double> once = entrant.run().once();
          note.accept("%s, load %s: %s".formatted(which, Machine.load(), text(once)));
          Map<Metric, List<Double>> all =
              values.computeIfAbsent(entrant, _ -> new LinkedHashMap<>());
          once.forEach(
              (metric, value) -> all.computeIfAbsent(metric, _ -> new ArrayList<>()).add(value));
        } catch (IOException | RuntimeException failure) {
          note.accept("%s failed: %s".formatted(which, failure.getMessage()));
          whole = false;
        }
      }
    }
    return new Result(figures(values, runs), whole);
  }

  private List<Measurement> figures(Map<Entrant, Map<Metric, List<Double>>> values, int runs) {
    String command = "./slipway bench " + bench + " " + part + " --runs " + runs;
    List<Measurement> ours = new ArrayList<>();
    List<Measurement> theirs = new ArrayList<>();
    values.forEach(
        (entrant, all) ->
            all.forEach(
                (metric, list) ->
                    (entrant.isOurs() ? ours : theirs)
                        .add(measurement(entrant, metric, new Samples(list), command))));
    List<Measurement> told = new ArrayList<>(ours);
    theirs.forEach(each -> told.add(compared(each, ours)));
    return told;
  }

  private static String text(Map<Metric, Double> once) {
    List<String> words = new ArrayList<>();
    once.forEach(
        (metric, value) ->
            words.add(metric.name() + " " + Measurement.number(value) + " " + metric.unit()));
    return String.join(", ", words);
  }

  private Measurement measurement(Entrant entrant, Metric metric, Samples samples, String command) {
    return new Measurement(
        bench,
        metric,
        samples,
        command,
        entrant.isOurs() ? Optional.empty() : Optional.of(entrant.name()),
        OptionalDouble.empty());
  }

  /// With how many times as fast ours was: by rates as by times.
  private static Measurement compared(Measurement theirs, List<Measurement> ours) {
    OptionalDouble ratio =
        ours.stream()
            .filter(each -> each.metric().name().equals(theirs.metric().name()))
            .filter(each -> each.value() > 0 && theirs.value() > 0)
            .mapToDouble(
                each ->
                    each.metric().moreIsBetter()
                        ? each.value() / theirs.value()
                        : theirs.value() / each.value())
            .findFirst();
    return new Measurement(
        theirs.bench(), theirs.metric(), theirs.samples(), theirs.command(), theirs.peer(), ratio);
  }
}
