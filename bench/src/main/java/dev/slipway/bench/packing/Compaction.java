package dev.slipway.bench.packing;

import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Policy.Choice;
import dev.slipway.bench.scheduling.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// How few machines a policy needs for a fleet: machines are taken away until the tasks, which come
/// one by one in a random order, no longer fit (Verma et al., "Large-scale cluster management at
/// Google with Borg", EuroSys 2015).
final class Compaction {
  static final int TRIALS = 11;

  /// How many times the volume of the tasks there is at first.
  private static final double ROOM = 1.5;

  private final Fleet fleet;
  private final int atFirst;

  Compaction(Fleet fleet) {
    this.fleet = fleet;
    this.atFirst = (int) Math.ceil(ROOM * LowerBounds.volume(fleet));
  }

  /// The machines that are needed, one a trial.
  ///
  /// @throws IllegalStateException when the tasks do not even fit on many more machines
  List<Integer> run(Supplier<Policy> policy) {
    List<Integer> needed = new ArrayList<>();
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Task> order = new ArrayList<>(fleet.tasks());
      Collections.shuffle(order, new Random(trial));
      needed.add(needed(policy.get(), order));
    }
    return needed;
  }

  private int needed(Policy policy, List<Task> order) {
    int used = used(policy, order, atFirst);
    if (used > atFirst) {
      throw new IllegalStateException(
          "%s does not get %s on %d machines".formatted(policy.name(), fleet.name(), atFirst));
    }
    for (int less = used(policy, order, used - 1); less < used; ) {
      used = less;
      less = used(policy, order, used - 1);
    }
    return used;
  }

  /// How many machines have something on them in the end; one more than there are when a task finds
  /// no room.
  private int used(Policy policy, List<Task> order, int machines) {
    policy.start(fleet.hosts(machines), fleet.tasks());
    boolean[] taken = new boolean[machines];
    int used = 0;
    var choice = new Choice();
    for (Task task : order) {
      if (!policy.place(task, choice)) {
        return machines + 1;
      }
      if (!taken[choice.host]) {
        taken[choice.host] = true;
        used++;
      }
    }
    return used;
  }
}
