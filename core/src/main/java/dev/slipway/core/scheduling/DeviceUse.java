package dev.slipway.core.scheduling;

import java.util.List;

/// Of what use nodes with devices are to typical requests with devices; see {@link RemainingUse}.
final class DeviceUse {
  /// Slots and what is lost count alike.
  private static final double HALF = 0.5;

  private static final double ROUNDING = 1e-9;

  private final Slots slots;
  private final int[] ofEach;
  private final double[] inverses;
  private final int[] counts;
  private final long[] worth;
  private final long[] lost;

  /// @param classes with devices
  /// @param mostThousandths of devices that a node has
  DeviceUse(int dimensions, List<RequestClass> classes, int mostThousandths) {
    slots = new Slots(dimensions, classes.stream().map(RequestClass::request).toList());
    int size = classes.size();
    ofEach = new int[size];
    inverses = new double[size];
    counts = new int[size];
    worth = new long[size];
    lost = new long[size];
    long all = classes.stream().mapToLong(one -> one.request().weight()).sum();
    for (int request = 0; request < size; request++) {
      TypicalRequest one = classes.get(request).request();
      ofEach[request] = one.ofEachDevice();
      inverses[request] = 1.0 / one.ofEachDevice();
      counts[request] = one.devices();
      double thousandth = HALF * one.weight() / all / mostThousandths * RemainingUse.ONE;
      worth[request] = Math.round(thousandth * one.thousandths());
      lost[request] = Math.round(thousandth);
    }
  }

  boolean isNone() {
    return counts.length == 0;
  }

  /// @param devices thousandths free of each, of so many
  /// @param all of them together
  long of(long[] free, int at, int[] devices, int count, int all) {
    long use = 0;
    for (int request = 0; request < counts.length; request++) {
      int fit = 0;
      int small = 0;
      for (int i = 0; i < count; i++) {
        int device = devices[i];
        fit += (int) (device * inverses[request] + ROUNDING);
        small += device < ofEach[request] ? device : 0;
      }
      fit = counts[request] == 1 ? fit : fit / counts[request];
      long both = Math.min(fit, slots.of(request, free, at));
      use += both == 0 ? -all * lost[request] : both * worth[request] - small * lost[request];
    }
    return use;
  }
}
