package dev.slipway.bench.scheduling;

import java.util.List;

/// Hosts, what stands on them, and what is to be placed.
///
/// @param name tells hosts, types, mix and how it arrives
/// @param before tasks that stand somewhere already
/// @param tasks in the order in which they arrive; their numbers go on from those of `before`
/// @param leaving for each arrival the number of the task that leaves first; empty where none leave
/// @param batch how many arrive at a time
public record Cell(
    String name,
    List<Host> hosts,
    List<Standing> before,
    List<Task> tasks,
    List<Integer> leaving,
    int batch) {
  public Cell {
    hosts = List.copyOf(hosts);
    before = List.copyOf(before);
    tasks = List.copyOf(tasks);
    leaving = List.copyOf(leaving);
    if (hosts.isEmpty() || tasks.isEmpty()) {
      throw new IllegalArgumentException(name + " has nothing to place");
    }
    if (batch < 1 || (!leaving.isEmpty() && (leaving.size() != tasks.size() || batch != 1))) {
      throw new IllegalArgumentException("Tasks leave before single arrivals only");
    }
  }

  /// A task and where it stands.
  public record Standing(Task task, int host, long devices) {
    public Policy.Choice choice() {
      var choice = new Policy.Choice();
      choice.host = host;
      choice.devices = devices;
      return choice;
    }
  }
}
