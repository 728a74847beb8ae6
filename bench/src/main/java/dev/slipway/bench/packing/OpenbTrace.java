package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// The trace `openb` of a cluster whose devices are shared (Alibaba, clusterdata,
/// cluster-trace-gpu-v2023): hosts, and lists of tasks of several mixes.
///
/// The list of hosts stands in no particular order here. The paper's policies break ties by the
/// names of hosts, which tell nothing about their kinds there, while the file groups hosts of a
/// kind.
final class OpenbTrace {
  private static final long ORDER_SEED = 1;

  private OpenbTrace() {}

  /// @param directory `alibaba-gpu-v2023`
  /// @param nodes which of its lists of hosts
  /// @param pods which of its lists of tasks
  static Trace read(Path directory, String nodes, String pods) throws IOException {
    List<Host> hosts = hosts(CsvFile.read(directory.resolve(nodes)));
    List<Task> tasks = tasks(CsvFile.read(directory.resolve(pods)));
    String name = pods.replaceFirst("^openb_pod_list_", "").replaceFirst("[.].*", "");
    return new Trace(name, List.of("cpu", "memory"), hosts, tasks);
  }

  private static List<Host> hosts(CsvFile file) throws IOException {
    List<Integer> rows = new ArrayList<>(IntStream.range(0, file.rows()).boxed().toList());
    Collections.shuffle(rows, new Random(ORDER_SEED));
    List<Host> hosts = new ArrayList<>();
    for (int row : rows) {
      var capacity = new Amounts(file.whole(row, "cpu_milli"), file.whole(row, "memory_mib"));
      int gpus = (int) file.whole(row, "gpu");
      String model = file.text(row, "model");
      hosts.add(
          new Host(
              hosts.size(),
              file.text(row, "sn"),
              capacity + " " + gpus + " " + model,
              capacity,
              gpus,
              model,
              new TreeMap<>(),
              new TreeSet<>()));
    }
    return hosts;
  }

  private static List<Task> tasks(CsvFile file) throws IOException {
    List<Task> tasks = new ArrayList<>();
    for (int row = 0; row < file.rows(); row++) {
      var request = new Amounts(file.whole(row, "cpu_milli"), file.whole(row, "memory_mib"));
      int milliGpus = (int) (file.whole(row, "num_gpu") * file.whole(row, "gpu_milli"));
      String models = file.text(row, "gpu_spec");
      SortedSet<String> gpuModels =
          models.isEmpty() ? new TreeSet<>() : new TreeSet<>(List.of(models.split("[|]")));
      tasks.add(
          new Task(
              row, file.text(row, "name"), request, milliGpus, gpuModels, List.of(), List.of()));
    }
    return tasks;
  }
}
