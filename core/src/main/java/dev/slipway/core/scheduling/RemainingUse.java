package dev.slipway.core.scheduling;

import java.util.Arrays;
import java.util.List;

/// How much use a node still is to typical requests: a task goes where it takes the least of it.
///
/// The use to one request is how many of it still fit, as a part of how many fit on an empty node
/// of the best kind. Where not even one fits, what is free all the same is lost, and counts twice
/// against the node; of that the scarcest dimensions alone count. The use of a node is the mean
/// over all requests:
///
///     use = sum of share(k) * (slots(k) / most slots(k) - (slots(k) == 0 ? 2 * free : 0))
///
/// A node with devices is of use to requests with devices alone, or those without would use it up.
/// There the use is what could be taken of its devices by each request, less what is free on
/// devices that are too small for it.
///
/// To open an empty node costs 0.8 of what a request takes of a node on the mean, and a tenth of
/// what the task does, so that gaps are filled first, but not at any price. The constants, and what
/// else was tried on which data, are told in `docs/placement.md`.
///
/// Use is a whole number, so that equal nodes are equal, in whatever order it was added up. What a
/// node is of use is kept while the node does not change. For one table and one thread.
public final class RemainingUse implements Packing {
  /// The use of an empty node of the best kind.
  static final double ONE = 1L << 32;

  /// What opening an empty node costs, in parts of what a typical request takes of a node, and of
  /// what the task itself does: requests may lie in the way of which the typical ones know nothing.
  private static final double OPENING = 0.8;

  private static final double OPENING_OF_OWN = 0.1;

  /// What keeps tasks without devices off the nodes with some, as a part of a node's use.
  private static final double KEPT_FOR_DEVICES = 0.5;

  /// The power of their scarcity by which free dimensions count is two to this.
  private static final int SHARPNESS = 4;

  /// A score tells losses apart up to so many times what the task takes of a node.
  private static final double RANGE = 4;

  private final NodeTable table;
  private final PlainUse plain;
  private final DeviceUse onDevices;

  /// By node, then by dimension: what a unit that is free counts.
  private final double[] scarcity;

  /// By dimension: one over the most that a node has.
  private final double[] largest;

  private final int mostThousandths;
  private final long opening;
  private final long[] uses;
  private final boolean[] known;
  private final long[] freeThen;
  private final int[][] devicesThen;
  private final long[] left;
  private final int[] devicesLeft;

  private RemainingUse(NodeTable table, List<TypicalRequest> typical) {
    this.table = table;
    mostThousandths = Math.max(1, Arrays.stream(table.allDevices).max().orElse(0));
    largest = new double[table.dimensions];
    for (int i = 0; i < table.capacity.length; i++) {
      int dimension = i % table.dimensions;
      largest[dimension] = Math.max(largest[dimension], (double) table.capacity[i]);
    }
    for (int dimension = 0; dimension < largest.length; dimension++) {
      largest[dimension] = largest[dimension] > 0 ? 1 / largest[dimension] : 0;
    }
    List<RequestClass> classes = RequestClass.fewOf(table, typical);
    plain = new PlainUse(table.dimensions, classes.stream().filter(RequestClass::isPlain).toList());
    onDevices =
        new DeviceUse(
            table.dimensions,
            classes.stream().filter(one -> !one.isPlain()).toList(),
            mostThousandths);
    opening = Math.round(OPENING * plain.meanShare);
    scarcity = scarcity(table, typical);
    uses = new long[table.size];
    known = new boolean[table.size];
    freeThen = new long[table.free.length];
    devicesThen = new int[table.size][];
    left = new long[table.dimensions];
    devicesLeft = new int[mostThousandths / NodeTable.DEVICE];
  }

  /// The packing of the table's nodes for such requests; without any that some node could take it
  /// is best fit.
  public static Packing of(NodeTable table, List<TypicalRequest> typical) {
    var use = new RemainingUse(table, typical);
    return use.plain.isNone() && use.onDevices.isNone() ? Packing::dominantRest : use;
  }

  /// What is asked for of what there is, relative to the scarcest dimension and sharpened: what
  /// there is plenty of is worth nothing, however much of it is free.
  private static double[] scarcity(NodeTable table, List<TypicalRequest> typical) {
    double[] weights = new double[table.dimensions];
    double most = 0;
    for (int dimension = 0; dimension < weights.length; dimension++) {
      double there = 0;
      for (int node = 0; node < table.size; node++) {
        there += table.capacity[node * table.dimensions + dimension];
      }
      double asked = 0;
      for (TypicalRequest one : typical) {
        asked += (double) one.weight() * one.amounts().get(dimension);
      }
      weights[dimension] = there == 0 ? 0 : asked / there;
      most = Math.max(most, weights[dimension]);
    }
    double sum = 0;
    for (int dimension = 0; dimension < weights.length; dimension++) {
      double weight = most == 0 ? 0 : weights[dimension] / most;
      for (int i = 0; i < SHARPNESS; i++) {
        weight *= weight;
      }
      weights[dimension] = weight;
      sum += weight;
    }
    double[] perUnit = new double[table.capacity.length];
    for (int i = 0; i < perUnit.length; i++) {
      long capacity = table.capacity[i];
      double weight = weights[i % table.dimensions];
      perUnit[i] = capacity == 0 || sum == 0 ? 0 : weight / sum / capacity;
    }
    return perUnit;
  }

  @Override
  public double score(NodeTable of, int node, Shape shape) {
    if (of != table) {
      throw new IllegalArgumentException("it was made for another table");
    }
    int at = node * table.dimensions;
    boolean isEmpty = table.freeDevices[node] == table.allDevices[node];
    double own = (double) shape.thousandths() / mostThousandths;
    for (int dimension = 0; dimension < left.length; dimension++) {
      long free = table.free[at + dimension];
      long amount = shape.amounts[dimension];
      left[dimension] = free - amount;
      isEmpty &= free == table.capacity[at + dimension];
      own = Math.max(own, amount * largest[dimension]);
    }
    long lost = use(node) - useAfter(node, shape);
    if (isForDevices(node)) {
      boolean isKept = shape.thousandths() == 0 && table.freeDevices[node] > 0;
      lost += isKept ? Math.round(KEPT_FOR_DEVICES * ONE) : 0;
    } else {
      lost += isEmpty ? opening + Math.round(OPENING_OF_OWN * own * ONE) : 0;
    }
    return lost / (RANGE * Math.max(own * ONE, (double) Math.max(1, plain.meanShare)));
  }

  /// Whether it is of use to requests with devices alone.
  private boolean isForDevices(int node) {
    return table.allDevices[node] > 0 && !onDevices.isNone();
  }

  /// Of the node as it is; what was worked out before is compared with it first.
  private long use(int node) {
    int at = node * left.length;
    int[] devices = table.devices(node);
    boolean same = known[node] && Arrays.equals(devices, devicesThen[node]);
    for (int i = at; i < at + left.length; i++) {
      same &= freeThen[i] == table.free[i];
      freeThen[i] = table.free[i];
    }
    if (!same) {
      known[node] = true;
      devicesThen[node] = devices.length == 0 ? devices : devices.clone();
      uses[node] = use(node, table.free, at, devices, table.freeDevices[node]);
    }
    return uses[node];
  }

  private long useAfter(int node, Shape shape) {
    int[] devices = table.devices(node);
    int thousandths = shape.thousandths();
    if (thousandths == 0 || !isForDevices(node)) {
      return use(node, left, 0, devices, table.freeDevices[node]);
    }
    System.arraycopy(devices, 0, devicesLeft, 0, devices.length);
    long taken = Devices.choose(table, node, shape);
    for (long bits = taken; bits != 0; bits &= bits - 1) {
      devicesLeft[Long.numberOfTrailingZeros(bits)] -= Math.min(thousandths, NodeTable.DEVICE);
    }
    return use(node, left, 0, devicesLeft, table.freeDevices[node] - thousandths);
  }

  private long use(int node, long[] free, int at, int[] devices, int thousandths) {
    if (isForDevices(node)) {
      return onDevices.of(free, at, devices, table.devices(node).length, thousandths);
    }
    double scarce = 0;
    for (int dimension = 0; dimension < left.length; dimension++) {
      scarce += Math.max(0, free[at + dimension]) * scarcity[node * left.length + dimension];
    }
    return plain.of(free, at, scarce);
  }
}
