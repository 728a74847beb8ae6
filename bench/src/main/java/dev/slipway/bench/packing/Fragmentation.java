package dev.slipway.bench.packing;

import dev.slipway.bench.packing.TypicalTasks.Typical;
import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fragmentation gradient descent, after Weng et al., "Beware of Fragmentation" (USENIX ATC 2023).
///
/// For one typical task, the fragment of a host is what is free of its devices but of no use to the
/// task: all of it when the task does not fit or needs no device, else the devices with less free
/// than it takes of one. The fragmentation of a host is the mean of that over the typical tasks,
/// and a task goes where it grows least. Only cpu and devices count, as in the paper.
final class Fragmentation implements Score {
  /// How much of the workload the typical tasks make up, as in the paper's experiments.
  private static final double TYPICAL = 0.95;

  private static final int CPU = 0;
  private static final double STEPS = 100;

  private final Map<HostState, Double> known = new HashMap<>();
  private TypicalTasks typical = new TypicalTasks(List.of());

  @Override
  public String name() {
    return "fgd";
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    known.clear();
    typical = TypicalTasks.of(expected.stream().map(Fragmentation::counted).toList(), TYPICAL);
  }

  /// What of a task counts here.
  private static Request counted(Task task) {
    return new Request(new Amounts(task.request().of(CPU)), task.milliGpus(), task.gpuModels());
  }

  /// In the steps of the paper's simulator: what is equal in them is a tie. It is not a detail:
  /// without them the mean of the published results is missed by half a point to two and a half.
  @Override
  public double of(HostState state, Request request, int device) {
    double growth = fragmentation(state.with(request, device)) - fragmentation(state);
    return -Math.floor(STEPS / (1 + Math.exp(growth / Request.WHOLE_DEVICE)));
  }

  /// Expected thousandths of devices that the next task cannot use.
  private double fragmentation(HostState state) {
    Double remembered = known.get(state);
    if (remembered != null) {
      return remembered;
    }
    double sum = 0;
    for (Typical each : typical.all()) {
      sum += each.share() * fragment(state, each.request());
    }
    known.put(state, sum);
    return sum;
  }

  private static int fragment(HostState state, Request request) {
    boolean fits =
        request.milliGpus() > 0
            && request.amounts().of(CPU) <= state.free(CPU)
            && state.hasDevicesFor(request);
    if (!fits) {
      return state.freeMilliGpus();
    }
    return state.freeBelow(request.perDevice());
  }
}
