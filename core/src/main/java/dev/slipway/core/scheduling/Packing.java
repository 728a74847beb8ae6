package dev.slipway.core.scheduling;

/// How tightly a place packs: which of the nodes that are equal otherwise is taken.
@FunctionalInterface
public interface Packing {
  /// The score of putting a request of the shape, which fits, on the node; the least is best. It
  /// depends on the node and what is free of it alone.
  double score(NodeTable table, int node, Shape shape);

  /// The part that would stay free of what the request takes most of, as a part of the node: an
  /// empty disk says nothing about a task that computes.
  static double dominantRest(NodeTable table, int node, Shape shape) {
    double dominant = 0;
    double rest = 0;
    int at = node * table.dimensions;
    for (int dimension = 0; dimension < shape.amounts.length; dimension++) {
      double capacity = table.capacity[at + dimension];
      double share = capacity > 0 ? shape.amounts[dimension] / capacity : 0;
      if (share > dominant) {
        dominant = share;
        rest = (table.free[at + dimension] - shape.amounts[dimension]) / capacity;
      }
    }
    int devices = shape.thousandths();
    if (devices > dominant * table.allDevices[node]) {
      rest = (table.freeDevices[node] - devices) / (double) table.allDevices[node];
    }
    return rest;
  }

  /// Best fit: the least that stays free, as a part of what there is, of what is requested.
  static double bestFit(NodeTable table, int node, Shape shape) {
    double left = 0;
    int at = node * table.dimensions;
    for (int dimension = 0; dimension < shape.amounts.length; dimension++) {
      long capacity = table.capacity[at + dimension];
      if (capacity > 0) {
        left += (table.free[at + dimension] - shape.amounts[dimension]) / (double) capacity;
      }
    }
    return left;
  }
}
