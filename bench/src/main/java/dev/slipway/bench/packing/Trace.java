package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.List;

/// Tasks, and the hosts they may be put on.
///
/// @param dimensions names of the dimensions that hosts and tasks have amounts of
record Trace(String name, List<String> dimensions, List<Host> hosts, List<Task> tasks) {
  Trace {
    dimensions = List.copyOf(dimensions);
    hosts = List.copyOf(hosts);
    tasks = List.copyOf(tasks);
  }
}
