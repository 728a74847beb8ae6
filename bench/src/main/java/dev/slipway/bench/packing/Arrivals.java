package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Policy.Choice;
import dev.slipway.bench.scheduling.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Tasks come until they ask for more devices than there are, none leaves and none is tried again:
/// how many devices are taken then? It is how the policies of the FGD paper were compared.
final class Arrivals {
  /// How much is asked for in the end, of what there is.
  static final double DEMAND = 1.3;

  private final Trace workload;
  private final long capacity;

  Arrivals(Trace workload) {
    this.workload = workload;
    this.capacity = workload.hosts().stream().mapToLong(Host::gpus).sum() * Request.WHOLE_DEVICE;
  }

  /// What share of the devices is taken, in percent.
  ///
  /// @param atCapacity when the devices asked for first reach what there is
  /// @param atEnd when all tasks have come
  record Taken(double atCapacity, double atEnd) {}

  /// All tasks shuffled, then tasks of them drawn anew until the demand is reached.
  List<Task> order(long seed) {
    var random = new Random(seed);
    List<Task> order = new ArrayList<>(workload.tasks());
    Collections.shuffle(order, random);
    int all = order.size();
    long asked = order.stream().mapToLong(Task::milliGpus).sum();
    while (asked < DEMAND * capacity) {
      Task again = order.get(random.nextInt(all));
      order.add(again);
      asked += again.milliGpus();
    }
    return order;
  }

  Taken run(Policy policy, long seed) {
    policy.start(workload.hosts(), workload.tasks());
    var choice = new Choice();
    long asked = 0;
    long taken = 0;
    double atCapacity = Double.NaN;
    for (Task task : order(seed)) {
      asked += task.milliGpus();
      if (policy.place(task, choice)) {
        taken += task.milliGpus();
      }
      if (asked >= capacity && Double.isNaN(atCapacity)) {
        atCapacity = 100.0 * taken / capacity;
      }
    }
    return new Taken(atCapacity, 100.0 * taken / capacity);
  }
}
