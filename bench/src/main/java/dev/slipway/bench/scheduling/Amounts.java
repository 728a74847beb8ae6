package dev.slipway.bench.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How much of each dimension of a workload: cpu in thousandths of a core, memory in MiB, and what
/// else it has (disk in MiB, network in per mille). Devices are told apart, so that they are not
/// among the dimensions of a workload with shares of them.
public final class Amounts {
  private final long[] values;

  public Amounts(long... values) {
    this.values = values.clone();
  }

  public int dimensions() {
    return values.length;
  }

  public long of(int dimension) {
    return values[dimension];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Amounts amounts && Arrays.equals(values, amounts.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
