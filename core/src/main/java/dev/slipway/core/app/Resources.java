package dev.slipway.core.app;

/// An amount of a machine: what a task requests, a node has, or is left of it.
///
/// Whole numbers, so that adding and taking away never drifts: processor time in thousandths of a
/// core, memory and disk in bytes, GPUs in thousandths of a device. A request is for a share of one
/// device, below {@link #DEVICE}, or for whole ones.
public record Resources(long milliCpus, long memBytes, long diskBytes, int milliGpus) {
  public static final Resources NONE = new Resources(0, 0, 0, 0);
  public static final long MEBIBYTE = 1024L * 1024;

  /// The largest amount that a node may have of anything: 32 pebibytes, so that sums of what stands
  /// on a node stay far from the end of numbers.
  public static final long MOST = 1L << 55;

  /// Thousandths of one GPU.
  public static final int DEVICE = 1000;

  /// Marathon's units: cores, MiB and GPUs, all possibly fractions; rounded to the nearest unit
  /// kept here.
  ///
  /// @throws IllegalArgumentException when one of them is no number
  public static Resources of(double cpus, double memMebibytes, double diskMebibytes, double gpus) {
    if (Double.isNaN(cpus + memMebibytes + diskMebibytes + gpus)) {
      throw new IllegalArgumentException("an amount of a resource is a number");
    }
    return new Resources(
        Math.round(cpus * 1000),
        Math.round(memMebibytes * MEBIBYTE),
        Math.round(diskMebibytes * MEBIBYTE),
        Math.toIntExact(Math.round(gpus * DEVICE)));
  }

  /// An amount of disk alone.
  public static Resources disk(long bytes) {
    return new Resources(0, 0, bytes, 0);
  }

  public double cpus() {
    return milliCpus / 1000.0;
  }

  public double memMebibytes() {
    return memBytes / (double) MEBIBYTE;
  }

  public double diskMebibytes() {
    return diskBytes / (double) MEBIBYTE;
  }

  public double gpus() {
    return milliGpus / (double) DEVICE;
  }

  public Resources plus(Resources other) {
    return new Resources(
        milliCpus + other.milliCpus,
        memBytes + other.memBytes,
        diskBytes + other.diskBytes,
        milliGpus + other.milliGpus);
  }

  public Resources minus(Resources other) {
    return new Resources(
        milliCpus - other.milliCpus,
        memBytes - other.memBytes,
        diskBytes - other.diskBytes,
        milliGpus - other.milliGpus);
  }

  /// The same with so many percent of the processor time, rounded down.
  public Resources withCpuPercent(int percent) {
    long cpus = milliCpus / 100 * percent + milliCpus % 100 * percent / 100;
    return new Resources(cpus, memBytes, diskBytes, milliGpus);
  }

  /// Whether every part of this fits into `room`.
  public boolean fitsIn(Resources room) {
    return milliCpus <= room.milliCpus
        && memBytes <= room.memBytes
        && diskBytes <= room.diskBytes
        && milliGpus <= room.milliGpus;
  }
}
