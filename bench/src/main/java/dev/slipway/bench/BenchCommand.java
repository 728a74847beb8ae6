package dev.slipway.bench;

import dev.slipway.bench.kubernetes.PodTemplate;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists the benchmarks, or runs one of them.
@Command(
    name = "slipway bench",
    description = "Measures, and compares with the bars that the design is held to.",
    sortOptions = false,
    footer = {
      "",
      "A bar that is missed does not change the exit code.",
      "",
      "Examples:",
      "  slipway bench",
      "  slipway bench local",
      "  slipway bench local start cli --runs 7 --json"
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<Benchmark> BENCHMARKS =
      List.of(
          LocalBenchmarks.create(),
          ApiBenchmarks.create(),
          PlacementBenchmark.create(),
          PackingBenchmark.create(),
          KubernetesBenchmark.create(),
          FailoverBenchmark.create());
  private static final int MAX_RUNS = 1_000;

  private final Surroundings surroundings;
  private final String home;

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The benchmark; without it all are listed.")
  @Nullable String name;

  @Parameters(
      index = "1..*",
      paramLabel = "PART",
      description = "Only these parts of it; all of them.")
  List<String> parts = List.of();

  @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
  boolean json;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs of each part; their median counts. ${DEFAULT-VALUE}.")
  int runs = 3;

  @Option(
      names = "--traces",
      paramLabel = "DIR",
      description = "Where published workloads are; $SLIPWAY_TRACES, or ../shared/data.")
  @Nullable Path traces;

  @Option(
      names = "--cluster",
      paramLabel = "SCRIPT",
      description =
          "Makes the Kubernetes cluster to measure on, by its verbs up, env and down; the one that"
              + " $KUBECONFIG names.")
  @Nullable Path cluster;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "What tasks on Kubernetes are made from. ${DEFAULT-VALUE}.")
  String image = PodTemplate.IMAGE;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  BenchCommand(Surroundings surroundings, String home) {
    this.surroundings = surroundings;
    this.home = home;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var report = new Report(surroundings, json);
    if (name == null) {
      report.list(BENCHMARKS);
      return Exit.OK.code();
    }
    if (runs < 1 || runs > MAX_RUNS) {
      throw wrong("--runs lies within 1 to " + MAX_RUNS + ": " + runs);
    }
    String wanted = name;
    Benchmark benchmark =
        BENCHMARKS.stream()
            .filter(each -> each.name().equals(wanted))
            .findFirst()
            .orElseThrow(() -> wrong("There is no benchmark '" + wanted + "'"));
    for (String part : parts) {
      if (!benchmark.parts().contains(part)) {
        throw wrong("'" + wanted + "' has no part '" + part + "', only " + benchmark.parts());
      }
    }
    report.machine(Machine.describe());
    try (var workplace = Workplace.open(checkout(), traces(), kubernetes(), report::note)) {
      boolean whole =
          benchmark.run(workplace, parts.isEmpty() ? benchmark.parts() : parts, runs, report::add);
      report.end();
      return whole ? Exit.OK.code() : Exit.FAILED.code();
    }
  }

  private Path checkout() {
    if (home.isEmpty()) {
      throw wrong("Run it as ./slipway bench: the property slipway.home tells what to measure");
    }
    return Path.of(home);
  }

  private Path traces() {
    if (traces != null) {
      return traces;
    }
    String told = surroundings.environment().getOrDefault("SLIPWAY_TRACES", "");
    return told.isEmpty() ? checkout().resolve("../shared/data").normalize() : Path.of(told);
  }

  private KubernetesMeans kubernetes() {
    return KubernetesMeans.of(surroundings.environment(), Optional.ofNullable(cluster), image);
  }

  private ParameterException wrong(String what) {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    return new ParameterException(line, what);
  }
}
