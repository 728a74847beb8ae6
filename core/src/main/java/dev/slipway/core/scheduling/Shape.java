package dev.slipway.core.scheduling;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// What equal requests ask of any node: amounts, devices, ports, and which nodes they may stand on
/// at all. Requests of one shape share all that is found out about nodes for it.
public final class Shape {
  /// The largest sum of weights that preferences may have.
  public static final int MOST_UNMET = (1 << 20) - 1;

  final long[] amounts;
  final int wholeDevices;
  final int share;
  final int[] ports;
  final int anyPorts;
  final BitSet admitted;
  final int @Nullable [] unmet;

  /// Whether it goes where the risk is highest, and leaves the others to those who need them.
  final boolean seeksRisk;

  /// @param amounts one a dimension, from 0 on
  /// @param thousandths of devices: a share of one below {@link NodeTable#DEVICE}, else whole ones
  /// @param ports host ports that nobody else at the node's address may have
  /// @param anyPorts how many more ports it needs, of whatever number
  /// @param admitted the nodes that it may stand on, whatever else stands there
  /// @param unmet of each node the weights of preferences that it does not meet, added up; null
  ///     where nothing is preferred
  /// @param seeksRisk whether the nodes that are likeliest to vanish are the best for it
  public Shape(
      long[] amounts,
      int thousandths,
      int[] ports,
      int anyPorts,
      BitSet admitted,
      int @Nullable [] unmet,
      boolean seeksRisk) {
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
    this.ports = ports.clone();
    this.anyPorts = anyPorts;
    this.admitted = (BitSet) admitted.clone();
    this.unmet = unmet == null ? null : unmet.clone();
    this.seeksRisk = seeksRisk;
  }

  /// A shape that goes where the risk is least.
  public Shape(
      long[] amounts,
      int thousandths,
      int[] ports,
      int anyPorts,
      BitSet admitted,
      int @Nullable [] unmet) {
    this(amounts, thousandths, ports, anyPorts, admitted, unmet, false);
  }

  /// What is requested of devices.
  int thousandths() {
    return wholeDevices * NodeTable.DEVICE + share;
  }

  /// The rank of a node that fits, without anything that one asker says of it.
  long rank(NodeTable table, int node, double packing) {
    int risk = seeksRisk ? Rank.MOST_RISK - table.risks[node] : table.risks[node];
    return Rank.of(unmet == null ? 0 : unmet[node], risk, packing, table.pressures[node]);
  }

  /// The first thing that speaks against a node, {@link Refusal#NONE} where it fits.
  int refusal(NodeTable table, int node) {
    if (!admitted.get(node)) {
      return Refusal.NOT_ADMITTED;
    }
    if (!table.ready.get(node)) {
      return table.silent.get(node) ? Refusal.SILENT : Refusal.NOT_READY;
    }
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
    return arePortsFree(table, node) ? Refusal.NONE : Refusal.TOO_FEW_PORTS;
  }

  private boolean arePortsFree(NodeTable table, int node) {
    if (anyPorts > 0 && anyPorts + table.handedOut(node, ports) > table.portsFree(node)) {
      return false;
    }
    for (int port : ports) {
      if (table.isPortTaken(node, port)) {
        return false;
      }
    }
    return true;
  }
}
