package dev.slipway.bench.packing;

import dev.slipway.bench.packing.TypicalTasks.Typical;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// [Fragmentation] of all dimensions instead of devices: what is free on a host, weighed by how
/// scarce it is, is a fragment for the typical tasks that do not fit there.
final class VectorFragmentation implements Score {
  private static final double OPENS_A_HOST = 1_000;

  private final Map<HostState, Double> known = new HashMap<>();
  private TypicalTasks typical = new TypicalTasks(List.of());
  private Scarcity scarcity = new Scarcity(List.of());

  @Override
  public String name() {
    return "fgd-vector";
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    known.clear();
    typical = TypicalTasks.all(expected);
    scarcity = Scarcity.of(hosts, expected);
  }

  @Override
  public double of(HostState state, Request request, int device) {
    double growth = fragmentation(state.with(request, device)) - fragmentation(state);
    return state.isEmpty() ? growth + OPENS_A_HOST : growth;
  }

  private double fragmentation(HostState state) {
    Double remembered = known.get(state);
    if (remembered != null) {
      return remembered;
    }
    double lacking = 0;
    for (Typical each : typical.all()) {
      if (!state.takes(each.request())) {
        lacking += each.share();
      }
    }
    double all = lacking * scarcity.free(state);
    known.put(state, all);
    return all;
  }
}
