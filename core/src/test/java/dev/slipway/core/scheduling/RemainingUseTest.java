package dev.slipway.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemainingUseTest {
  private static final long CORES = 16;
  private static final long GIBIBYTES = 64;

  /// Nodes with processors and memory.
  private static NodeTable nodes(int count, long cores, long gibibytes, int devices) {
    return new NodeTable(
        2,
        IntStream.range(0, count)
            .mapToObj(
                node ->
                    new NodeTable.Description(
                        List.of(cores, gibibytes), devices, "a" + node, 1, 9, Map.of()))
            .toList());
  }

  private static Shape shape(NodeTable table, long cores, long gibibytes, int thousandths) {
    var all = new BitSet();
    all.set(0, table.size());
    return new Shape(
        new long[] {cores, gibibytes}, thousandths, new int[0], 0, new Admission(all, null), false);
  }

  private static TypicalRequest typical(long cores, long gibibytes, int thousandths, long weight) {
    return new TypicalRequest(List.of(cores, gibibytes), thousandths, weight);
  }

  private static int best(NodeTable table, Packing packing, Shape shape) {
    return new Scheduler(table, packing).best(new Asker(shape, new Footprint(table), 1, List.of()));
  }

  private static void take(NodeTable table, int node, long cores, long gibibytes) {
    table.setFree(node, 0, table.free(node, 0) - cores);
    table.setFree(node, 1, table.free(node, 1) - gibibytes);
  }

  @Test
  void memoryIsNotLeftWithoutTheProcessorsToUseIt() {
    NodeTable table = nodes(2, CORES, GIBIBYTES, 0);
    take(table, 0, 12, 16);
    take(table, 1, 8, 56);
    Shape computing = shape(table, 4, 4, 0);
    List<TypicalRequest> mix = List.of(typical(4, 4, 0, 100), typical(1, 16, 0, 100));

    assertThat(best(table, Packing::dominantRest, computing))
        .as("best fit fills the node whose processors are nearly gone, and strands 44 GiB")
        .isZero();
    assertThat(best(table, RemainingUse.of(table, mix), computing))
        .as("the other one has nothing left for tasks that need memory")
        .isEqualTo(1);
  }

  @Test
  void tasksOfOneSizeFillOneNodeAfterTheOther() {
    NodeTable table = nodes(3, CORES, GIBIBYTES, 0);
    Packing packing = RemainingUse.of(table, List.of(typical(3, 12, 0, 7)));
    Shape shape = shape(table, 3, 12, 0);
    var scheduler = new Scheduler(table, packing);
    var asker = new Asker(shape, new Footprint(table), Integer.MAX_VALUE, List.of());
    List<Integer> places = new ArrayList<>();
    for (int node = scheduler.best(asker); node >= 0; node = scheduler.best(asker)) {
      scheduler.take(asker, node);
      places.add(node);
    }
    assertThat(places).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2);
  }

  @Test
  void tasksWithoutDevicesLeaveNodesWithDevicesAlone() {
    NodeTable table =
        new NodeTable(
            2,
            List.of(
                new NodeTable.Description(List.of(16L, 64L), 4, "a", 1, 9, Map.of()),
                new NodeTable.Description(List.of(16L, 64L), 0, "b", 1, 9, Map.of())));
    Packing packing =
        RemainingUse.of(table, List.of(typical(4, 8, 1000, 5), typical(4, 8, 0, 100)));
    assertThat(best(table, packing, shape(table, 4, 8, 0))).isEqualTo(1);
    assertThat(best(table, packing, shape(table, 4, 8, 1000))).isZero();
  }

  @Test
  void shareOfADeviceGoesWhereOneIsSharedAlready() {
    NodeTable table = nodes(2, CORES, GIBIBYTES, 2);
    table.setDevice(1, 0, 500);
    Packing packing =
        RemainingUse.of(table, List.of(typical(1, 1, 1000, 10), typical(1, 1, 300, 10)));
    assertThat(best(table, packing, shape(table, 1, 1, 300))).isEqualTo(1);
  }

  @Test
  void withoutTypicalRequestsThatFitItIsBestFit() {
    NodeTable table = nodes(2, CORES, GIBIBYTES, 0);
    take(table, 1, 1, 1);
    Shape shape = shape(table, 2, 2, 0);
    for (List<TypicalRequest> useless :
        List.of(List.<TypicalRequest>of(), List.of(typical(17, 1, 0, 1), typical(0, 0, 0, 9)))) {
      assertThat(RemainingUse.of(table, useless).score(table, 1, shape))
          .isEqualTo(Packing.dominantRest(table, 1, shape));
    }
  }

  @Test
  void scoreOfANodeIsTheSameWhateverWasAskedBefore() {
    var random = new Random(1);
    NodeTable table = nodes(5, CORES, GIBIBYTES, 2);
    List<TypicalRequest> mix = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      int thousandths = random.nextInt(3) == 0 ? 1 + random.nextInt(1000) : 0;
      mix.add(typical(random.nextInt(8), random.nextInt(32), thousandths, 1 + i));
    }
    Packing kept = RemainingUse.of(table, mix);
    for (int step = 0; step < 2_000; step++) {
      int node = random.nextInt(table.size());
      table.setFree(node, random.nextInt(2), random.nextInt(16));
      table.setDevice(node, random.nextInt(2), random.nextInt(4) * 250);
      int asked = random.nextInt(table.size());
      Shape shape = shape(table, random.nextInt(4), random.nextInt(4), 0);
      assertThat(kept.score(table, asked, shape))
          .isEqualTo(RemainingUse.of(table, mix).score(table, asked, shape));
    }
  }

  @Test
  void mixDoesNotDependOnTheOrderOfItsTasks() {
    var random = new Random(2);
    List<long[]> tasks = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      tasks.add(new long[] {1 + random.nextInt(5), random.nextInt(20)});
    }
    List<TypicalRequest> typical = mix(tasks).typical();
    Collections.shuffle(tasks, random);
    assertThat(mix(tasks).typical()).isEqualTo(typical);
  }

  @Test
  void mixStaysAsItIsThroughSmallChanges() {
    var mix = new RequestMix();
    mix.add(new long[] {1, 1}, 0, 10_000);
    mix.add(new long[] {2, 8}, 0, 5_000);
    List<TypicalRequest> typical = mix.typical();
    mix.add(new long[] {1, 1}, 0, 300);
    mix.add(new long[] {3, 3}, 0, 10);
    assertThat(mix.typical()).isEqualTo(typical);
    mix.add(new long[] {3, 3}, 0, 1_000);
    assertThat(mix.typical()).hasSize(3);
  }

  private static RequestMix mix(List<long[]> tasks) {
    var mix = new RequestMix();
    tasks.forEach(task -> mix.add(task, 0, 1));
    return mix;
  }
}
