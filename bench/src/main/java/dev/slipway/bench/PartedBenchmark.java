package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A subject that is measured part by part, each several times.
record PartedBenchmark(String name, String about, List<Part> all) implements Benchmark {

  /// What is measured in one go.
  ///
  /// @param metrics as many as a run gives values
  record Part(String name, List<Metric> metrics, Run run) {}

  /// Measures once.
  interface Run {
    List<Double> once(Workplace workplace) throws IOException, InterruptedException;
  }

  @Override
  public List<String> parts() {
    return all.stream().map(Part::name).toList();
  }

  @Override
  public boolean run(
      Workplace workplace, List<String> wanted, int runs, Consumer<Measurement> found)
      throws InterruptedException {
    boolean whole = true;
    for (Part part : all) {
      if (!wanted.contains(part.name())) {
        continue;
      }
      try {
        measure(part, workplace, runs).forEach(found);
      } catch (IOException | RuntimeException failure) {
        workplace.note("bench %s %s failed: %s".formatted(name, part.name(), failure.getMessage()));
        whole = false;
      }
    }
    return whole;
  }

  private List<Measurement> measure(Part part, Workplace workplace, int runs)
      throws IOException, InterruptedException {
    List<List<Double>> rows = new ArrayList<>();
    for (int run = 1; run <= runs; run++) {
      List<Double> row = part.run().once(workplace);
      workplace.note(
          "bench %s %s: run %d of %d, load %s: %s"
              .formatted(
                  name,
                  part.name(),
                  run,
                  runs,
                  Machine.load(),
                  row.stream().map(Measurement::number).toList()));
      rows.add(row);
    }
    String command = "./slipway bench " + name + " " + part.name() + " --runs " + runs;
    return IntStream.range(0, part.metrics().size())
        .mapToObj(
            i ->
                new Measurement(
                    name,
                    part.metrics().get(i),
                    new Samples(rows.stream().map(row -> row.get(i)).toList()),
                    command))
        .toList();
  }
}
