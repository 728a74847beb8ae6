package dev.slipway.bench.packing;

import java.util.Arrays;

/// Machines that no policy can do without.
final class LowerBounds {
  private LowerBounds() {}

  /// What the tasks take of the scarcest dimension, in whole machines.
  static int volume(Fleet fleet) {
    int most = 0;
    for (int i = 0; i < fleet.machine().dimensions(); i++) {
      int dimension = i;
      long sum = fleet.tasks().stream().mapToLong(task -> task.request().of(dimension)).sum();
      most = Math.max(most, Math.toIntExact(Math.ceilDiv(sum, fleet.machine().of(i))));
    }
    return most;
  }

  /// The bound L2 of Martello and Toth (1990), the best of all dimensions: tasks of more than half
  /// a machine need one each, and what is beside them bounds what the smaller ones can do without
  /// more.
  static int martelloToth(Fleet fleet) {
    int most = 0;
    for (int i = 0; i < fleet.machine().dimensions(); i++) {
      int dimension = i;
      long[] sizes =
          fleet.tasks().stream().mapToLong(task -> task.request().of(dimension)).sorted().toArray();
      most = Math.max(most, martelloToth(sizes, fleet.machine().of(i)));
    }
    return most;
  }

  /// @param sizes in ascending order
  static int martelloToth(long[] sizes, long capacity) {
    long most = 0;
    long[] small = Arrays.stream(sizes).filter(size -> size <= capacity / 2).distinct().toArray();
    long[] cuts = small.length == 0 ? new long[] {0} : small;
    for (long cut : cuts) {
      long large = 0;
      long middle = 0;
      long middleSum = 0;
      long smallSum = 0;
      for (long size : sizes) {
        if (size > capacity - cut) {
          large++;
        } else if (2 * size > capacity) {
          middle++;
          middleSum += size;
        } else if (size >= cut) {
          smallSum += size;
        }
      }
      long beside = Math.ceilDiv(Math.max(0, smallSum - (middle * capacity - middleSum)), capacity);
      most = Math.max(most, large + middle + beside);
    }
    return Math.toIntExact(most);
  }
}
