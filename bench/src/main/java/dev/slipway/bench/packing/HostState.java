package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Amounts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is free on a host, and of what kind it is: hosts in one state are alike to every score.
/// Immutable, but for the scores that are remembered here once they are known.
final class HostState {
  private final Amounts capacity;
  private final String gpuModel;
  private final long[] free;
  private final int[] devices;
  private final int hash;
  private double[] scores = new double[0];
  private int[] chosen = new int[0];

  /// @param devices thousandths free of each device
  HostState(Amounts capacity, String gpuModel, long[] free, int[] devices) {
    this.capacity = capacity;
    this.gpuModel = gpuModel;
    this.free = free.clone();
    this.devices = devices.clone();
    this.hash =
        31 * (31 * Arrays.hashCode(this.free) + Arrays.hashCode(this.devices))
            + 31 * capacity.hashCode()
            + gpuModel.hashCode();
  }

  /// Whether nothing stands there.
  boolean isEmpty() {
    for (int i = 0; i < free.length; i++) {
      if (free[i] < capacity.of(i)) {
        return false;
      }
    }
    return freeMilliGpus() == devices.length * Request.WHOLE_DEVICE;
  }

  int dimensions() {
    return free.length;
  }

  long free(int dimension) {
    return free[dimension];
  }

  long capacity(int dimension) {
    return capacity.of(dimension);
  }

  String gpuModel() {
    return gpuModel;
  }

  int devices() {
    return devices.length;
  }

  /// Thousandths free of a device.
  int device(int index) {
    return devices[index];
  }

  int freeMilliGpus() {
    int sum = 0;
    for (int device : devices) {
      sum += device;
    }
    return sum;
  }

  /// Whether there is room, of all dimensions and of devices of the right model.
  boolean takes(Request request) {
    for (int i = 0; i < free.length; i++) {
      if (request.amounts().of(i) > free[i]) {
        return false;
      }
    }
    return hasDevicesFor(request);
  }

  /// Whether there is room on devices of the right model, the dimensions aside.
  boolean hasDevicesFor(Request request) {
    return request.milliGpus() == 0
        || (request.runsOn(gpuModel) && roomy(request.perDevice()) >= request.devices());
  }

  /// How many devices have so much free.
  private int roomy(int milliGpus) {
    int count = 0;
    for (int device : devices) {
      if (device >= milliGpus) {
        count++;
      }
    }
    return count;
  }

  /// The state with a task more.
  ///
  /// @param device where a share is taken from; of whole devices the first free ones are taken
  HostState with(Request request, int device) {
    long[] left = free.clone();
    for (int i = 0; i < left.length; i++) {
      left[i] -= request.amounts().of(i);
    }
    int[] rest = devices.clone();
    if (request.sharesDevice()) {
      rest[device] -= request.milliGpus();
    } else {
      takeWhole(rest, request.devices());
    }
    return new HostState(capacity, gpuModel, left, rest);
  }

  /// Thousandths free on devices that each have less than that free.
  int freeBelow(int milliGpus) {
    int sum = 0;
    for (int device : devices) {
      if (device < milliGpus) {
        sum += device;
      }
    }
    return sum;
  }

  private static void takeWhole(int[] devices, int count) {
    int left = count;
    for (int i = 0; i < devices.length && left > 0; i++) {
      if (devices[i] == Request.WHOLE_DEVICE) {
        devices[i] = 0;
        left--;
      }
    }
  }

  /// The score of a request by its number; NaN when it is not known yet.
  double score(int request) {
    return request < scores.length ? scores[request] : Double.NaN;
  }

  /// The device that the score chose for a share.
  int chosen(int request) {
    return chosen[request];
  }

  void remember(int request, double score, int device) {
    if (request >= scores.length) {
      int known = scores.length;
      scores = Arrays.copyOf(scores, Math.max(request + 1, 2 * known));
      Arrays.fill(scores, known, scores.length, Double.NaN);
      chosen = Arrays.copyOf(chosen, scores.length);
    }
    scores[request] = score;
    chosen[request] = device;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostState state
        && hash == state.hash
        && Arrays.equals(free, state.free)
        && Arrays.equals(devices, state.devices)
        && capacity.equals(state.capacity)
        && gpuModel.equals(state.gpuModel);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
