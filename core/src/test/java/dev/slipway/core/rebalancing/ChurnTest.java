package dev.slipway.core.rebalancing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What rebalancing gives in a cell that was full, and of which instances ended at random: filled
/// to 90 % of its processors, then emptied to 50 %. `-Dslipway.nodes=N` takes a cell of another
/// size, `-Dslipway.print=true` prints what came of each seed.
class ChurnTest {
  private static final int NODES = Integer.getInteger("slipway.nodes", 60);
  private static final boolean PRINT = Boolean.getBoolean("slipway.print");
  private static final double[] SIZES = {0.25, 0.5, 0.5, 1, 1, 2, 4};
  private static final int CORES = 16;

  private record Result(int tasks, long usedBefore, long usedAfter, int moves, double least) {
    double movesPerTask() {
      return moves / (double) tasks;
    }

    double movesPerNode() {
      return moves / (double) (usedBefore - usedAfter);
    }
  }

  @Test
  void freesMostOfTheNodesThatCouldBeFree() {
    for (long seed = 1; seed <= 3; seed++) {
      Result result = churn(seed);

      assertThat(result.usedAfter()).isLessThan(result.usedBefore());
      // No plan can have less in use than all requests need together.
      assertThat(result.usedAfter()).isLessThan((long) (result.least() * 1.15) + 2);
      assertThat(result.movesPerTask()).isLessThan(0.6);
    }
  }

  private static Result churn(long seed) {
    var random = new Random(seed);
    var yard = new Yard();
    for (int i = 0; i < NODES; i++) {
      yard.node("n%05d".formatted(i), Resources.of(CORES, 65536, 0, 0));
    }
    List<PathId> apps = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      yard.app("/a" + i, SIZES[random.nextInt(SIZES.length)]);
      apps.add(PathId.of("/a" + i));
    }
    while (cpus(yard) < 0.9) {
      yard.placed(apps.get(random.nextInt(apps.size())));
    }
    List<InstanceId> all = yard.all();
    Collections.shuffle(all, random);
    for (InstanceId id : all) {
      if (cpus(yard) <= 0.5) {
        break;
      }
      yard.end(id);
    }
    int tasks = yard.all().size();
    long before = yard.used();
    int moves = 0;
    long nanos = System.nanoTime();
    int plans = 1;
    Plan plan = yard.plan(0.01);
    int first = firstMoves(plan);
    while (!plan.isEmpty()) {
      plan.moves().forEach(move -> assertThat(yard.make(move)).isEmpty());
      moves += plan.moves().size();
      plan = yard.plan(0.01);
      plans++;
    }
    var result = new Result(tasks, before, yard.used(), moves, cpus(yard) * NODES);
    if (PRINT) {
      System.out.printf(
          Locale.ROOT,
          "seed %d: %d tasks, %d of %d nodes used, then %d (at least %.1f); %d moves, %.2f a task,"
              + " %.1f a node freed, %.3f a task for the first 2 %% of nodes; %d plans in %d ms%n",
          seed,
          tasks,
          before,
          NODES,
          result.usedAfter(),
          result.least(),
          moves,
          result.movesPerTask(),
          result.movesPerNode(),
          first / (double) tasks,
          plans,
          (System.nanoTime() - nanos) / 1_000_000);
    }
    return result;
  }

  /// How many moves free the first 2 % of all nodes, those that are cheapest to empty.
  private static int firstMoves(Plan plan) {
    Set<NodeId> emptied = new HashSet<>();
    int moves = 0;
    for (Move move : plan.moves()) {
      emptied.add(move.from());
      if (emptied.size() > Math.ceil(NODES * 0.02)) {
        break;
      }
      moves++;
    }
    return moves;
  }

  /// Which part of all processors is requested.
  private static double cpus(Yard yard) {
    long sum = 0;
    for (NodeRecord record : yard.nodes().byId().values()) {
      sum += record.used().milliCpus();
    }
    return sum / (1000.0 * CORES * NODES);
  }
}
