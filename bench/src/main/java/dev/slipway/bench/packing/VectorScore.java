package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.List;

/// Scores that look at nothing but vectors: what is free on a host, what a task takes, and how
/// scarce each dimension is (what the workload asks for of what there is). Devices are one more
/// dimension. The classical ones: see Panigrahy et al., "Heuristics for Vector Bin Packing" (2011),
/// and Grandl et al., "Multi-Resource Packing for Cluster Schedulers" (SIGCOMM 2014) for the
/// cosine.
final class VectorScore implements Score {
  /// Works out a score, less is better.
  ///
  /// All three hold a value for each dimension: what is free and what is taken as shares of the
  /// largest host.
  interface Formula {
    double of(double[] weights, double[] free, double[] taken);
  }

  /// Beyond any score, so that an empty host is taken only where no other has room.
  private static final double OPENS_A_HOST = 1_000;

  private final String name;
  private final Formula formula;
  private double[] weights = {};
  private double[] largest = {};

  private VectorScore(String name, Formula formula) {
    this.name = name;
    this.formula = formula;
  }

  /// The first host with room.
  static Score firstFit() {
    return new VectorScore("first-fit", (_, _, _) -> 0);
  }

  /// Where least stays free.
  static Score bestFit() {
    return new VectorScore(
        "best-fit",
        (weights, free, taken) -> {
          double left = 0;
          for (int i = 0; i < free.length; i++) {
            left += weights[i] * (free[i] - taken[i]);
          }
          return left;
        });
  }

  /// Where what stays free is shortest as a vector.
  static Score shortestRest() {
    return new VectorScore(
        "l2-rest",
        (weights, free, taken) -> {
          double left = 0;
          for (int i = 0; i < free.length; i++) {
            left += weights[i] * (free[i] - taken[i]) * (free[i] - taken[i]);
          }
          return left;
        });
  }

  /// Where much is free of what the task takes much of.
  static Score dotProduct() {
    return new VectorScore(
        "dot-product",
        (weights, free, taken) -> {
          double product = 0;
          for (int i = 0; i < free.length; i++) {
            product += weights[i] * free[i] * taken[i];
          }
          return -product;
        });
  }

  /// Where what is free points the same way as what the task takes, however much it is.
  static Score cosine() {
    return new VectorScore(
        "cosine",
        (_, free, taken) -> {
          double product = 0;
          double freeSquared = 0;
          double takenSquared = 0;
          for (int i = 0; i < free.length; i++) {
            product += free[i] * taken[i];
            freeSquared += free[i] * free[i];
            takenSquared += taken[i] * taken[i];
          }
          return -product / Math.sqrt(freeSquared * takenSquared + Double.MIN_NORMAL);
        });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    int dimensions = hosts.getFirst().capacity().dimensions() + 1;
    double[] there = new double[dimensions];
    double[] asked = new double[dimensions];
    largest = new double[dimensions];
    for (int i = 0; i < dimensions; i++) {
      for (Host host : hosts) {
        there[i] += capacity(host, i);
        largest[i] = Math.max(largest[i], capacity(host, i));
      }
      for (Task task : expected) {
        asked[i] += taken(Request.of(task), i);
      }
    }
    weights = new double[dimensions];
    double sum = 0;
    for (int i = 0; i < dimensions; i++) {
      weights[i] = there[i] == 0 ? 0 : asked[i] / there[i];
      sum += weights[i];
    }
    for (int i = 0; i < dimensions; i++) {
      weights[i] /= sum;
    }
  }

  private static double capacity(Host host, int dimension) {
    return dimension < host.capacity().dimensions()
        ? host.capacity().of(dimension)
        : (double) host.gpus() * Request.WHOLE_DEVICE;
  }

  private static double taken(Request request, int dimension) {
    return dimension < request.amounts().dimensions()
        ? request.amounts().of(dimension)
        : request.milliGpus();
  }

  @Override
  public double of(HostState state, Request request, int device) {
    double[] free = new double[weights.length];
    double[] taken = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      double amount = i < state.dimensions() ? state.free(i) : state.freeMilliGpus();
      free[i] = largest[i] == 0 ? 0 : amount / largest[i];
      taken[i] = largest[i] == 0 ? 0 : taken(request, i) / largest[i];
    }
    // Of devices of one host that have room for a share, the fullest one.
    double rest = request.sharesDevice() ? state.device(device) * Double.MIN_NORMAL : 0;
    double score = formula.of(weights, free, taken) + rest;
    return state.isEmpty() ? score + OPENS_A_HOST : score;
  }
}
