package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.List;

/// Says on which of the hosts that have room a task should be. It depends on the host's state and
/// the task's request alone, so that it is worked out once for each pair of them.
interface Score {
  /// As it is told in tables.
  String name();

  /// Begins anew.
  ///
  /// @param expected tasks that are typical of what will come
  void start(List<Host> hosts, List<Task> expected);

  /// How bad it is to put the request there; the least bad host is taken, the first one of equals.
  ///
  /// @param device for a share of a device the one it would be taken from, by its place in the
  /// state
  double of(HostState state, Request request, int device);
}
