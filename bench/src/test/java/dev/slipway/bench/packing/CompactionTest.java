package dev.slipway.bench.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.SlipwayPolicy;
import dev.slipway.bench.scheduling.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CompactionTest {
  private static final List<Supplier<Policy>> BEST_FIT =
      List.of(() -> new ScoredPlacement(VectorScore.bestFit()));

  /// Tasks of two dimensions on machines of 10 x 10.
  private static Fleet fleet(int[]... countsAndRequests) {
    List<Task> tasks = new ArrayList<>();
    for (int[] each : countsAndRequests) {
      for (int i = 0; i < each[0]; i++) {
        tasks.add(
            new Task(
                tasks.size(),
                "app",
                new Amounts(each[1], each[2]),
                0,
                new TreeSet<>(),
                List.of(),
                List.of()));
      }
    }
    return new Fleet("made-up", new Amounts(10, 10), tasks);
  }

  @Test
  void machinesAreTakenAwayUntilTheTasksNoLongerFit() {
    Fleet fleet = fleet(new int[] {12, 5, 5});

    List<Integer> needed = new Compaction(fleet).run(BEST_FIT.getFirst());

    assertThat(needed).hasSize(Compaction.TRIALS).containsOnly(6);
  }

  @Test
  void everyPolicyNeedsAtLeastTheBounds() {
    Fleet fleet = fleet(new int[] {20, 6, 2}, new int[] {20, 2, 6}, new int[] {15, 3, 3});
    int bound = new ColumnGeneration(fleet).solve(BEST_FIT).machines();

    List<Supplier<Policy>> policies =
        List.of(
            () -> new ScoredPlacement(VectorScore.firstFit()),
            () -> new ScoredPlacement(VectorScore.cosine()),
            () -> new ScoredPlacement(PeerScores.nomad()),
            () -> new ScoredPlacement(PeerScores.kubernetesMost()),
            () -> new SlipwayPolicy("slipway", SlipwayPolicy::remainingUse, 0));
    for (Supplier<Policy> policy : policies) {
      assertThat(new Compaction(fleet).run(policy)).allMatch(needed -> needed >= bound);
    }
    assertThat(bound).isGreaterThanOrEqualTo(LowerBounds.martelloToth(fleet));
  }

  @Test
  void boundsRiseWithWhatTheySee() {
    // By volume 15 x 4 + 4 x 7 = 88 need 9 machines; 7s stand alone, beside them is no room for 4s.
    Fleet fleet = fleet(new int[] {15, 4, 1}, new int[] {4, 7, 1});

    assertThat(LowerBounds.volume(fleet)).isEqualTo(9);
    assertThat(LowerBounds.martelloToth(fleet)).isGreaterThanOrEqualTo(10);
    assertThat(new ColumnGeneration(fleet).solve(BEST_FIT).machines()).isEqualTo(12);
  }

  @Test
  void secondBoundIsTheBooksOne() {
    // Martello and Toth's example: four of 60 and three of 40 and two of 30 on machines of 100.
    assertThat(LowerBounds.martelloToth(new long[] {30, 30, 40, 40, 40, 60, 60, 60, 60}, 100))
        .isEqualTo(5);
  }
}
