package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Instances of inference services that lived at once (Alibaba, clusterdata,
/// cluster-trace-gpu-v2025): cores, memory, devices, shares of a network card and disk, each in
/// tenths, and at most so many instances of a service on one machine.
final class DlrmTrace {
  /// The trace does not say on what machines it ran. The first one here is the largest request of
  /// each dimension, rounded up to what is sold: 192 cores, 8 devices, one card, 1 TiB, 1 TiB. The
  /// other one has two cards and 2 TiB of disk, so that cores are scarce instead of disk.
  static final List<Amounts> MACHINES =
      List.of(
          new Amounts(1_920, 10_240, 80, 1_000, 10_240),
          new Amounts(1_920, 10_240, 80, 2_000, 20_480));

  private static final List<String> DIMENSIONS = List.of("cpu", "memory", "gpu", "rdma", "disk");
  private static final double TENTHS = 10;

  private DlrmTrace() {}

  /// All that live when most live.
  ///
  /// @param directory `alibaba-dlrm-v2025`
  static Fleet read(Path directory, Amounts machine) throws IOException {
    CsvFile file = CsvFile.read(directory.resolve("disaggregated_DLRM_trace.csv.gz"));
    List<Life> lives = new ArrayList<>();
    for (int row = 0; row < file.rows(); row++) {
      lives.add(
          new Life(
              file.number(row, "creation_time", Double.NEGATIVE_INFINITY),
              file.number(row, "deletion_time", Double.POSITIVE_INFINITY),
              List.of(1.0)));
    }
    double busiest = Life.busiest(lives, 0);
    List<Task> tasks = new ArrayList<>();
    for (int row = 0; row < file.rows(); row++) {
      if (lives.get(row).lives(busiest)) {
        tasks.add(task(file, row, tasks.size()));
      }
    }
    return new Fleet("dlrm-disk-" + machine.of(4) / (long) TENTHS, machine, tasks);
  }

  private static Task task(CsvFile file, int row, int index) throws IOException {
    long[] request = new long[DIMENSIONS.size()];
    for (int i = 0; i < request.length; i++) {
      double amount = file.number(row, DIMENSIONS.get(i) + "_request", 0);
      request[i] = (long) Math.ceil(amount * TENTHS);
    }
    long most = file.whole(row, "max_instance_per_node");
    List<Rule> rules = most < 0 ? List.of() : List.of(new Rule.AtMost(Ledger.HOSTNAME, (int) most));
    return new Task(
        index,
        file.text(row, "app_name"),
        new Amounts(request),
        0,
        new TreeSet<>(),
        rules,
        List.of());
  }
}
