package dev.slipway.bench;

import dev.slipway.bench.FailoverServers.Member;
import dev.slipway.bench.Measurement.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The leader fails again and again, while an app is being replaced, another one runs, and clients
/// write. One set of servers for all rounds, so that a median and a 99th percentile can be told.
///
/// @param part how it is called on the command line
/// @param bar the most that the 99th percentile should be, in milliseconds; 0 without one
/// @param idleApps how many apps without instances there are
record FailoverRounds(String part, FailoverFault fault, double bar, int idleApps)
    implements AssortedBenchmark.Part {
  private static final String BYSTANDER = "/bystander";
  private static final String ROLLING = "/rolling";
  private static final int INSTANCES = 20;

  /// What a round told.
  private record Round(double gap, double failed, double restarts) {}

  @Override
  public boolean measure(Workplace workplace, int runs, Consumer<Measurement> found)
      throws IOException, InterruptedException {
    try (FailoverServers servers = FailoverServers.start(workplace)) {
      FailoverIdleApps.create(servers, idleApps);
      servers.deploy(BYSTANDER, INSTANCES, 0);
      servers.deploy(ROLLING, INSTANCES, 0);
      try (FailoverWriter writer = FailoverWriter.through(servers.addresses())) {
        writer.awaitAccepted();
        List<Round> rounds = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
          Round round = round(servers, writer, run);
          workplace.note(
              "bench failover %s: run %d of %d, load %s: %.0f ms"
                  .formatted(part, run, runs, Machine.load(), round.gap()));
          rounds.add(round);
        }
        double lost = writer.lost(servers.agree().process().uri());
        tell(rounds, lost, servers.pods().doubled(), runs, found);
        return true;
      }
    }
  }

  private Round round(FailoverServers servers, FailoverWriter writer, int run)
      throws InterruptedException {
    Member old = servers.agree();
    writer.awaitAccepted();
    writer.failedSinceLastAsked();
    Map<String, String> before = servers.pods().running(BYSTANDER);
    servers.change(ROLLING, INSTANCES, run);
    long struck = System.nanoTime();
    fault.strike(old);
    servers.awaitOther(old);
    writer.awaitAccepted();
    double gap = writer.longestGapSince(struck);
    double failed = writer.failedSinceLastAsked();
    fault.mend(old);
    servers.deploy(ROLLING, INSTANCES, run);
    Map<String, String> after = new TreeMap<>(servers.pods().running(BYSTANDER));
    after.values().removeAll(before.values());
    return new Round(gap, failed, after.size());
  }

  private void tell(
      List<Round> rounds, double lost, double doubled, int runs, Consumer<Measurement> found) {
    var gaps = new Samples(rounds.stream().map(Round::gap).toList());
    var failed = new Samples(rounds.stream().map(Round::failed).toList());
    double restarts = rounds.stream().mapToDouble(Round::restarts).sum();
    String name = part.replace('-', '_');
    Metric worst =
        bar > 0
            ? Metric.atMost(bar, name + "_writes_again_p99", "ms")
            : Metric.told(name + "_writes_again_p99", "ms");
    Map<Metric, Samples> figures = new LinkedHashMap<>();
    figures.put(Metric.told(name + "_writes_again_p50", "ms"), gaps);
    figures.put(worst, Samples.of(gaps.percentile(0.99)));
    figures.put(Metric.told(name + "_failed_writes", "writes"), failed);
    figures.put(Metric.atMost(0, name + "_lost_writes", "writes"), Samples.of(lost));
    figures.put(Metric.atMost(0, name + "_doubled_launches", "pods"), Samples.of(doubled));
    figures.put(Metric.atMost(0, name + "_task_restarts", "tasks"), Samples.of(restarts));
    String command = "./slipway bench failover " + part + " --runs " + runs;
    figures.forEach(
        (metric, samples) ->
            found.accept(new Measurement(FailoverBenchmark.NAME, metric, samples, command)));
  }
}
