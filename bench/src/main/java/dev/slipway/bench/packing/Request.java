package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Task;
import java.util.SortedSet;

/// What a task takes, whoever it is: tasks with one request are alike to every score.
///
/// @param milliGpus as in [Task]
record Request(Amounts amounts, int milliGpus, SortedSet<String> gpuModels) {
  static final int WHOLE_DEVICE = 1_000;

  static Request of(Task task) {
    return new Request(task.request(), task.milliGpus(), task.gpuModels());
  }

  /// Whether it takes a part of one device.
  boolean sharesDevice() {
    return milliGpus > 0 && milliGpus < WHOLE_DEVICE;
  }

  /// How many devices it takes, a shared one included.
  int devices() {
    return sharesDevice() ? 1 : milliGpus / WHOLE_DEVICE;
  }

  /// How much of each of its devices it takes.
  int perDevice() {
    return Math.min(milliGpus, WHOLE_DEVICE);
  }

  boolean runsOn(String gpuModel) {
    return gpuModels.isEmpty() || gpuModels.contains(gpuModel);
  }
}
