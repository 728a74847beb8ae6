package dev.slipway.server.api;

import dev.slipway.core.app.Resources;

/// An amount of a machine, in the units of the API: cores, and MiB.
record Amounts(double cpus, double mem, double disk, int gpus) {
  static Amounts of(Resources resources) {
    return new Amounts(
        resources.cpus(), resources.memMebibytes(), resources.diskMebibytes(), resources.gpus());
  }
}
