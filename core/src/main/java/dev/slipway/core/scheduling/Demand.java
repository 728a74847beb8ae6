package dev.slipway.core.scheduling;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a task takes of any node, of whatever app: amounts, devices, and ports of any number; and
/// whether it seeks risk. Equal demands suit the same nodes equally well.
final class Demand {
  final long[] amounts;
  final int wholeDevices;
  final int share;
  final int anyPorts;

  /// Whether it goes where the risk is highest, and leaves the others to those who need them.
  final boolean seeksRisk;

  /// @param thousandths of devices: a share of one below {@link NodeTable#DEVICE}, else whole ones
  Demand(long[] amounts, int thousandths, int anyPorts, boolean seeksRisk) {
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
    this.seeksRisk = seeksRisk;
  }

  /// What the node lacks first for it, {@link Refusal#NONE} where it fits.
  int refusal(NodeTable table, int node) {
    int at = node * table.dimensions;
    for (int dimension = 0; dimension < amounts.length; dimension++) {
      long amount = amounts[dimension];
      // Nothing is missing of what is not requested, not even where less than nothing is left.
      if (amount > table.free[at + dimension] && amount > 0) {
        return Refusal.FIRST_DIMENSION + dimension;
      }
    }
    if (wholeDevices > table.wholeDevices[node] || share > table.roomiest[node]) {
      return Refusal.TOO_FEW_DEVICES;
    }
    return anyPorts > 0 && anyPorts > table.portsFree(node) ? Refusal.TOO_FEW_PORTS : Refusal.NONE;
  }

  /// The rank of a node that fits, without anything that one shape or asker says of it.
  ///
  /// @param packing the score
  long rank(NodeTable table, int node, double packing) {
    int risk = seeksRisk ? Rank.MOST_RISK - table.risks[node] : table.risks[node];
    return Rank.of(0, risk, packing, table.pressures[node]);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Demand demand
        && Arrays.equals(amounts, demand.amounts)
        && wholeDevices == demand.wholeDevices
        && share == demand.share
        && anyPorts == demand.anyPorts
        && seeksRisk == demand.seeksRisk;
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(amounts), wholeDevices, share, anyPorts, seeksRisk);
  }
}
