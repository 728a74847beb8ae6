package dev.slipway.bench.packing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What the paper on fragmentation descent published of six policies, with each workload in ten
/// orders (Apache-2.0, hkust-adsl/kubernetes-scheduler-simulator).
final class PublishedResults {
  private static final String PREFIX = "openb_pod_list_";
  private static final String FILE = "analysis_allo_discrete.csv.gz";

  private final CsvFile file;

  private PublishedResults(CsvFile file) {
    this.file = file;
  }

  /// @param directory `fgd-results`
  static PublishedResults read(Path directory) throws IOException {
    return new PublishedResults(CsvFile.read(directory.resolve(FILE)));
  }

  /// The mixes of tasks that were published.
  List<String> workloads() throws IOException {
    Set<String> found = new LinkedHashSet<>();
    for (int row = 0; row < file.rows(); row++) {
      found.add(file.text(row, "workload").replaceFirst("^" + PREFIX, ""));
    }
    return List.copyOf(found);
  }

  /// The mean of all orders.
  ///
  /// @param policy as the paper calls it, like `06-FGD`
  /// @throws IOException when nothing was published of it
  Arrivals.Taken of(String workload, String policy) throws IOException {
    double atCapacity = 0;
    double atEnd = 0;
    int count = 0;
    for (int row = 0; row < file.rows(); row++) {
      if (file.text(row, "workload").equals(PREFIX + workload)
          && file.text(row, "sc_policy").equals(policy)) {
        atCapacity += file.number(row, "100", 0);
        atEnd += file.number(row, "130", 0);
        count++;
      }
    }
    if (count == 0) {
      throw new IOException("nothing was published of " + policy + " on " + workload);
    }
    return new Arrivals.Taken(atCapacity / count, atEnd / count);
  }
}
