package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Virtual machines that lived at once, of the Azure packing trace as CoSpot published it with
/// sizes (CC-BY): cores and memory in units that mean something only relative to the servers.
final class ProteanTrace {
  /// Servers of the data set that take each of the machines alive at the busiest moment: cores and
  /// memory. The first needs both alike, the others lack one of them first.
  static final List<Amounts> SERVERS =
      List.of(new Amounts(9_600, 2_250), new Amounts(10_400, 2_250), new Amounts(6_400, 3_072));

  private ProteanTrace() {}

  /// All that live at the moment when most servers would be filled.
  ///
  /// @param directory `azure-protean-cospot`
  /// @param sample `batched` or `bernoulli`
  /// @param server on what they run
  static Fleet read(Path directory, String sample, Amounts server) throws IOException {
    CsvFile file = CsvFile.read(directory.resolve(sample + "_1pct_0.csv.gz"));
    List<Life> lives = new ArrayList<>();
    for (int row = 0; row < file.rows(); row++) {
      lives.add(
          new Life(
              file.number(row, "starttime", Double.NEGATIVE_INFINITY),
              file.number(row, "endtime", Double.POSITIVE_INFINITY),
              List.of(
                  file.number(row, "cores", 0) / server.of(0),
                  file.number(row, "ram", 0) / server.of(1))));
    }
    double busiest = Life.busiest(lives, 0);
    List<Task> tasks = new ArrayList<>();
    for (int row = 0; row < file.rows(); row++) {
      if (lives.get(row).lives(busiest)) {
        tasks.add(
            new Task(
                tasks.size(),
                file.text(row, "tenantId"),
                new Amounts(file.whole(row, "cores"), file.whole(row, "ram")),
                0,
                new TreeSet<>(),
                List.of(),
                List.of()));
      }
    }
    String name = "azure-" + sample + "-" + server.of(0) + "x" + server.of(1);
    return new Fleet(name, server, tasks);
  }
}
