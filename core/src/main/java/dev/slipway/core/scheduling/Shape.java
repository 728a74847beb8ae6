package dev.slipway.core.scheduling;

/// What equal requests ask of any node: amounts, devices, ports, and which nodes they may stand on
/// at all. The same object is to be used for equal requests, since what was found out is kept by
/// it.
public final class Shape {
  /// The largest sum of weights that preferences may have.
  public static final int MOST_UNMET = (1 << 20) - 1;

  final Demand demand;

  /// As in the demand, where they are asked for again and again.
  final long[] amounts;

  final int wholeDevices;
  final int share;
  final int[] ports;
  final int anyPorts;
  final Admission admission;

  /// @param amounts one a dimension, from 0 on
  /// @param thousandths of devices: a share of one below {@link NodeTable#DEVICE}, else whole ones
  /// @param ports host ports that nobody else at the node's address may have
  /// @param anyPorts how many more ports it needs, of whatever number
  /// @param seeksRisk whether the nodes that are likeliest to vanish are the best for it
  public Shape(
      long[] amounts,
      int thousandths,
      int[] ports,
      int anyPorts,
      Admission admission,
      boolean seeksRisk) {
    this.demand = new Demand(amounts, thousandths, anyPorts, seeksRisk);
    this.amounts = demand.amounts;
    this.wholeDevices = demand.wholeDevices;
    this.share = demand.share;
    this.ports = ports.clone();
    this.anyPorts = anyPorts;
    this.admission = admission;
  }

  /// What is requested of devices.
  int thousandths() {
    return wholeDevices * NodeTable.DEVICE + share;
  }

  boolean admits(int node) {
    return admission.nodes.get(node);
  }

  /// The first thing that speaks against a node, {@link Refusal#NONE} where it fits.
  int refusal(NodeTable table, int node) {
    if (!admits(node)) {
      return Refusal.NOT_ADMITTED;
    }
    if (!table.ready.get(node)) {
      return table.whyNotReady(node);
    }
    int lack = demand.refusal(table, node);
    return lack == Refusal.NONE && !arePortsFree(table, node) ? Refusal.TOO_FEW_PORTS : lack;
  }

  /// Whether the ports are free that it asks for by their numbers, and enough others beside them.
  boolean arePortsFree(NodeTable table, int node) {
    if (ports.length == 0) {
      return true;
    }
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
