package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Task;
import java.util.List;

/// Fragmentation gradient descent, built anew from its paper: Weng et al., "Beware of
/// Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient Descent", USENIX ATC
/// 2023. The benchmark `packing` holds it against the paper's published results.
///
/// It is about devices: on hosts without any all are equal, and the first one with room is taken.
/// It knows rules that speak of one host.
public final class FragmentationDescent implements Policy {
  private final Policy placement = new ScoredPlacement(new Fragmentation());

  @Override
  public String name() {
    return placement.name();
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    placement.start(hosts, expected);
  }

  @Override
  public boolean place(Task task, Choice choice) {
    return placement.place(task, choice);
  }

  @Override
  public void remove(Task task, Choice choice) {
    placement.remove(task, choice);
  }

  @Override
  public boolean adopt(Task task, Choice choice) {
    return placement.adopt(task, choice);
  }
}
