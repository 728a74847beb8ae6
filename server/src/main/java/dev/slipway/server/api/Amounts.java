package dev.slipway.server.api;

import dev.slipway.core.app.Resources;

/// An amount of a machine, in the units of the API: cores, MiB and GPUs; the last are written as a
/// whole number unless a share is meant.
record Amounts(double cpus, double mem, double disk, Number gpus) {
  static Amounts of(Resources resources) {
    return new Amounts(
        resources.cpus(),
        resources.memMebibytes(),
        resources.diskMebibytes(),
        gpus(resources.milliGpus()));
  }

  private static Number gpus(int thousandths) {
    if (thousandths % Resources.DEVICE == 0) {
      return thousandths / Resources.DEVICE;
    }
    return thousandths / (double) Resources.DEVICE;
  }
}
