package dev.slipway.core.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a task takes of any node, of whatever app: amounts, devices, and ports of any number. Equal
/// demands fit the same nodes equally well.
final class Demand {
  final long[] amounts;
  final int wholeDevices;
  final int share;
  final int anyPorts;

  /// @param thousandths of devices: a share of one below {@link NodeTable#DEVICE}, else whole ones
  Demand(long[] amounts, int thousandths, int anyPorts) {
    for (long amount : amounts) {
      if (amount < 0 || amount > NodeTable.MOST) {
        throw new IllegalArgumentException("an amount lies within 0 to " + NodeTable.MOST);
      }
    }
    if (thousandths < 0
        || (thousandths > NodeTable.DEVICE && thousandths % NodeTable.DEVICE != 0)) {
      throw new IllegalArgumentException("devices are requested whole, or a share of one");
    }
    this.amounts = amounts.clone();
    this.wholeDevices = thousandths / NodeTable.DEVICE;
    this.share = thousandths % NodeTable.DEVICE;
    this.anyPorts = anyPorts;
  }

  /// Whether the node has room for it.
  boolean fits(NodeTable table, int node) {
    int at = node * table.dimensions;
    for (int dimension = 0; dimension < amounts.length; dimension++) {
      long amount = amounts[dimension];
      // Nothing is missing of what is not requested, not even where less than nothing is left.
      if (amount > table.free[at + dimension] && amount > 0) {
        return false;
      }
    }
    return wholeDevices <= table.wholeDevices[node]
        && share <= table.roomiest[node]
        && (anyPorts == 0 || anyPorts <= table.portsFree(node));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Demand demand
        && Arrays.equals(amounts, demand.amounts)
        && wholeDevices == demand.wholeDevices
        && share == demand.share
        && anyPorts == demand.anyPorts;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * Arrays.hashCode(amounts) + wholeDevices) + share) + anyPorts;
  }
}
