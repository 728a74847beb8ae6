package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Tasks, and the kind of machine that as few as possible of are to take all of them.
record Fleet(String name, Amounts machine, List<Task> tasks) {
  /// @throws IllegalArgumentException when a task does not fit on an empty machine
  Fleet {
    tasks = List.copyOf(tasks);
    for (Task task : tasks) {
      for (int i = 0; i < machine.dimensions(); i++) {
        if (task.request().of(i) > machine.of(i)) {
          throw new IllegalArgumentException(name + ": larger than a machine: " + task.request());
        }
      }
    }
  }

  List<Host> hosts(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            index ->
                new Host(
                    index,
                    "machine-" + index,
                    name,
                    machine,
                    0,
                    "",
                    new TreeMap<>(),
                    new TreeSet<>()))
        .toList();
  }
}
