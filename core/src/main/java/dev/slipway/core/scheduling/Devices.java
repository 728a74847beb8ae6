package dev.slipway.core.scheduling;

/// Which devices of a node a task gets: of those with room for a share the one with the least, so
/// that whole ones stay whole; of whole ones the first.
final class Devices {
  private Devices() {}

  /// What the shape would get, for which there is room.
  ///
  /// @return the devices, one bit each
  static long choose(NodeTable table, int node, Shape shape) {
    int[] free = table.devices(node);
    if (shape.share > 0) {
      int chosen = -1;
      for (int device = 0; device < free.length; device++) {
        if (free[device] >= shape.share && (chosen < 0 || free[device] < free[chosen])) {
          chosen = device;
        }
      }
      return 1L << chosen;
    }
    long chosen = 0;
    for (int device = 0;
        device < free.length && Long.bitCount(chosen) < shape.wholeDevices;
        device++) {
      if (free[device] == NodeTable.DEVICE) {
        chosen |= 1L << device;
      }
    }
    return chosen;
  }

  static void take(NodeTable table, int node, Shape shape, long devices) {
    add(table, node, devices, -amount(shape));
  }

  static void give(NodeTable table, int node, Shape shape, long devices) {
    add(table, node, devices, amount(shape));
  }

  /// What is taken of each device.
  private static int amount(Shape shape) {
    return shape.share > 0 ? shape.share : NodeTable.DEVICE;
  }

  private static void add(NodeTable table, int node, long devices, int change) {
    for (long left = devices; left != 0; left &= left - 1) {
      int device = Long.numberOfTrailingZeros(left);
      table.setDevice(node, device, table.devices(node)[device] + change);
    }
  }
}
