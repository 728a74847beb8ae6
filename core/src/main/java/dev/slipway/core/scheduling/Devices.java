package dev.slipway.core.scheduling;

/// Which devices of a node a task gets: of those with room for a share the one with the least, so
/// that whole ones stay whole; of whole ones the first.
final class Devices {
  private Devices() {}

  /// Takes what the shape requests, for which there is room.
  ///
  /// @return the devices, one bit each
  static long take(NodeTable table, int node, Shape shape) {
    int[] free = table.devices(node);
    long chosen = choose(table, node, shape);
    for (long left = chosen; left != 0; left &= left - 1) {
      int device = Long.numberOfTrailingZeros(left);
      table.setDevice(node, device, shape.share > 0 ? free[device] - shape.share : 0);
    }
    return chosen;
  }

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
    long taken = 0;
    for (int device = 0; device < free.length && Long.bitCount(taken) < shape.wholeDevices; device++) {
      if (free[device] == NodeTable.DEVICE) {
        taken |= 1L << device;
      }
    }
    return taken;
  }

  static void give(NodeTable table, int node, Shape shape, long devices) {
    for (long left = devices; left != 0; left &= left - 1) {
      int device = Long.numberOfTrailingZeros(left);
      int amount = shape.share > 0 ? shape.share : NodeTable.DEVICE;
      table.setDevice(node, device, table.devices(node)[device] + amount);
    }
  }
}
