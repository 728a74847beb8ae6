package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.List;

/// The scores by which other platforms pack, built anew from their sources; each is asked about all
/// hosts with room, where the platforms themselves look at some of them by lot. Both know cores and
/// memory, which are the first two dimensions of every trace, and nothing else.
final class PeerScores {
  private static final int CPU = 0;
  private static final int MEMORY = 1;

  /// A share is taken from the fullest device that has room. Less than any step of a score.
  private static final double FULLEST_DEVICE = 1e-12;

  private PeerScores() {}

  /// Puts a value on what is free after placing; more is better.
  private interface Value {
    double of(HostState state, Request request);
  }

  private record Valued(String name, Value value) implements Score {
    @Override
    public void start(List<Host> hosts, List<Task> expected) {
      // Nothing of the workload is looked at.
    }

    @Override
    public double of(HostState state, Request request, int device) {
      double rest = request.sharesDevice() ? FULLEST_DEVICE * state.device(device) : 0;
      return rest - value.of(state, request);
    }
  }

  /// Nomad's ScoreFitBinPack: `20 - (10^free cpu + 10^free memory)`, free as shares of the host.
  static Score nomad() {
    return new Valued(
        "nomad-exhaustive",
        (state, request) -> {
          double total =
              Math.pow(10, (double) left(state, request, CPU) / state.capacity(CPU))
                  + Math.pow(10, (double) left(state, request, MEMORY) / state.capacity(MEMORY));
          return Math.clamp(20 - total, 0, 18);
        });
  }

  /// Kubernetes' MostAllocated: the mean of what is taken of cores and of memory, in whole percent.
  static Score kubernetesMost() {
    return new Valued(
        "kubernetes-most-exhaustive",
        (state, request) ->
            Math.floorDiv(taken(state, request, CPU) + taken(state, request, MEMORY), 2));
  }

  /// Of a hundred, rounded down as Kubernetes does.
  private static long taken(HostState state, Request request, int dimension) {
    long there = state.capacity(dimension);
    return (there - left(state, request, dimension)) * 100 / there;
  }

  private static long left(HostState state, Request request, int dimension) {
    return state.free(dimension) - request.amounts().of(dimension);
  }
}
