package dev.slipway.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final int SEEDS = Integer.getInteger("slipway.seeds", 300);
  private static final int STEPS = 120;
  private static final List<Rule.Kind> KINDS = List.of(Rule.Kind.values());

  /// A small world that changes at random, and all that was put there.
  private static final class World {
    private record Task(Asker asker, int node, long devices) {}

    private final Random random;
    private final NodeTable table;
    private final Scheduler scheduler;
    private final List<Asker> askers = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private final List<PlainSearch.Standing> standing = new ArrayList<>();
    private final List<Footprint> supplies = new ArrayList<>();
    private final PlainSearch plain;
    private final Map<Integer, Integer> mostTasks = new HashMap<>();

    World(long seed) {
      random = new Random(seed);
      int size = 1 + random.nextInt(40);
      List<NodeTable.Description> nodes = new ArrayList<>();
      for (int node = 0; node < size; node++) {
        nodes.add(description(node));
      }
      table = new NodeTable(2, nodes);
      List<TypicalRequest> typical = typical();
      scheduler =
          new Scheduler(
              table,
              RemainingUse.of(table, typical),
              new Scheduler.Limits(
                  1 + random.nextInt(8),
                  random.nextInt(3) * random.nextInt(20),
                  1 + random.nextInt(4) * random.nextInt(8),
                  random.nextInt(3)));
      plain = new PlainSearch(table, RemainingUse.of(table, typical), standing);
      List<Shape> shapes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        shapes.add(shape());
      }
      List<Footprint> apps = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        apps.add(new Footprint(table));
      }
      for (int i = 0; i < 3; i++) {
        supplies.add(new Footprint(table));
      }
      for (Footprint app : apps) {
        Shape shape = shapes.get(random.nextInt(shapes.size()));
        List<Rule> rules = new ArrayList<>();
        while (random.nextInt(3) > 0 && rules.size() < 4) {
          rules.add(rule(app, apps));
        }
        askers.add(
            new Asker(
                shape,
                app,
                1 + random.nextInt(3),
                rules,
                random.nextBoolean() ? null : supplies.get(random.nextInt(supplies.size()))));
      }
    }

    private NodeTable.Description description(int node) {
      Map<String, String> attributes = new HashMap<>();
      attributes.put("hostname", "n" + node);
      if (random.nextInt(8) > 0) {
        attributes.put("zone", "z" + random.nextInt(3));
      }
      attributes.put("rack", "r" + random.nextInt(8));
      return new NodeTable.Description(
          List.of(1L + random.nextInt(8), (long) random.nextInt(20)),
          random.nextInt(3),
          "a" + (random.nextBoolean() ? node : random.nextInt(4)),
          80,
          83,
          attributes);
    }

    /// None at times, and such as no node takes.
    private List<TypicalRequest> typical() {
      List<TypicalRequest> typical = new ArrayList<>();
      while (random.nextInt(4) > 0) {
        typical.add(
            new TypicalRequest(
                List.of((long) random.nextInt(4), (long) random.nextInt(8)),
                random.nextInt(3) == 0 ? List.of(250, 400, 1000, 2000).get(random.nextInt(4)) : 0,
                1 + random.nextInt(500)));
      }
      return typical;
    }

    private Shape shape() {
      var admitted = new BitSet();
      admitted.set(0, table.size());
      int @Nullable [] unmet = random.nextInt(3) == 0 ? new int[table.size()] : null;
      for (int node = 0; node < table.size(); node++) {
        admitted.set(node, random.nextInt(6) > 0);
        if (unmet != null) {
          unmet[node] = random.nextInt(3);
        }
      }
      return new Shape(
          new long[] {random.nextInt(3), random.nextInt(5)},
          switch (random.nextInt(5)) {
            case 0 -> 1000 * random.nextInt(3);
            case 1 -> 1 + random.nextInt(999);
            default -> 0;
          },
          random.nextInt(4) == 0 ? new int[] {80 + random.nextInt(3)} : new int[0],
          random.nextInt(2),
          new Admission(admitted, unmet),
          random.nextInt(3) == 0);
    }

    private Rule rule(Footprint app, List<Footprint> apps) {
      var attribute =
          table.attribute(List.of("hostname", "zone", "rack", "none").get(random.nextInt(4)));
      int weight = random.nextInt(2) * (1 + random.nextInt(5));
      Rule.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      boolean ofOthers =
          switch (kind) {
            case AT_MOST -> random.nextBoolean();
            case TOGETHER -> true;
            case EVEN, LEVEL -> false;
          };
      int limit = 1 + random.nextInt(3);
      return new Rule(
          kind, ofOthers ? apps.get(random.nextInt(apps.size())) : app, attribute, limit, weight);
    }

    void step() {
      switch (random.nextInt(15)) {
        case 13 -> table.setAway(random.nextInt(table.size()), random.nextInt(Refusal.FULL));
        case 14 -> limit(random.nextInt(table.size()));
        case 11, 12 -> bringOrTake(supplies.get(random.nextInt(supplies.size())));
        case 0 -> table.setReady(random.nextInt(table.size()), random.nextInt(4) > 0);
        case 1 -> table.setRisk(random.nextInt(table.size()), random.nextInt(4));
        case 2 -> table.setPressure(random.nextInt(table.size()), random.nextInt(4));
        case 3, 4 -> remove();
        default -> place();
      }
    }

    private void place() {
      var asker = askers.get(random.nextInt(askers.size()));
      int node = scheduler.best(asker);
      assertThat(node).isEqualTo(plain.best(asker));
      if (node >= 0) {
        tasks.add(new Task(asker, node, scheduler.take(asker, node)));
        standing.add(new PlainSearch.Standing(asker.siblings(), node));
        assertThat(standingOn(node))
            .isLessThanOrEqualTo(mostTasks.getOrDefault(node, Integer.MAX_VALUE));
      }
    }

    private void limit(int node) {
      if (random.nextInt(3) == 0) {
        mostTasks.remove(node);
        table.setPlaces(node, Integer.MAX_VALUE);
      } else {
        mostTasks.put(node, random.nextInt(6));
        table.setPlaces(node, mostTasks.get(node) - standingOn(node));
      }
    }

    private int standingOn(int node) {
      return (int) standing.stream().filter(one -> one.node() == node).count();
    }

    private void bringOrTake(Footprint supply) {
      int node = random.nextInt(table.size());
      supply.add(node, supply.on(node) == 0 ? 1 : -1);
    }

    private void remove() {
      if (!tasks.isEmpty()) {
        int chosen = random.nextInt(tasks.size());
        Task task = tasks.remove(chosen);
        standing.remove(chosen);
        scheduler.give(task.asker(), task.node(), task.devices());
      }
    }
  }

  @Test
  void theSearchFindsWhatThePlainestSearchFinds() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      var world = new World(seed);
      for (int step = 0; step < STEPS; step++) {
        try {
          world.step();
        } catch (AssertionError | RuntimeException found) {
          throw new AssertionError("seed " + seed + ", step " + step, found);
        }
      }
    }
  }
}
