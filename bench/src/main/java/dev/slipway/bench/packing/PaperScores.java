package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.List;

/// The policies that fragmentation descent was compared with in its paper, as far as they are
/// described: cpu and devices as shares of the largest host, both alike, in a hundred steps.
final class PaperScores {
  private static final double LARGEST_CPU = 128_000;
  private static final double LARGEST_DEVICES = 8.0 * Request.WHOLE_DEVICE;
  private static final double STEPS = 100;
  private static final int CPU = 0;

  /// A share is taken from the fullest device that has room.
  private static final double FULLEST_DEVICE = 1e-9;

  private PaperScores() {}

  /// Puts a value on a state and a request, from 0 to 1; more is better.
  private interface Value {
    double of(HostState state, Request request);
  }

  private record Stepped(String name, Value value) implements Score {
    @Override
    public void start(List<Host> hosts, List<Task> expected) {
      // Nothing of the workload is looked at.
    }

    @Override
    public double of(HostState state, Request request, int device) {
      double rest = request.sharesDevice() ? FULLEST_DEVICE * state.device(device) : 0;
      return rest - Math.floor(STEPS * value.of(state, request));
    }
  }

  static Score bestFit() {
    return new Stepped(
        "paper-best-fit",
        (state, request) -> {
          double cpu = (state.free(CPU) - request.amounts().of(CPU)) / LARGEST_CPU;
          double devices = (state.freeMilliGpus() - request.milliGpus()) / LARGEST_DEVICES;
          return 1 - (cpu + devices) / 2;
        });
  }

  static Score dotProduct() {
    return new Stepped(
        "paper-dot-product",
        (state, request) -> {
          double cpu = state.free(CPU) / LARGEST_CPU * request.amounts().of(CPU) / LARGEST_CPU;
          double devices =
              state.freeMilliGpus() / LARGEST_DEVICES * request.milliGpus() / LARGEST_DEVICES;
          return 1 - (cpu + devices) / 2;
        });
  }
}
