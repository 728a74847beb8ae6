package dev.slipway.core.placement;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.node.PortRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Room that is kept stays, and what is not needed for it is given out.
class HeadroomTest {
  private static final int SEEDS = Integer.getInteger("slipway.seeds", 200);
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final PathId BATCH = PathId.of("/batch");

  /// Nodes of two zones, with apps of which some may not take headroom. One class of slots, so that
  /// plain arithmetic says how many fit.
  private static final class World {
    private final Random random;
    private final Placer placer = new Placer();
    private final HeadroomClass wanted;
    private final Headroom headroom;
    private final List<Instance> standing = new ArrayList<>();
    private Nodes nodes = Nodes.NONE;
    private int identities;

    World(long seed) {
      random = new Random(seed);
      int size = 1 + random.nextInt(8);
      for (int i = 0; i < size; i++) {
        nodes = nodes.with(NodeRecord.of(node(i), START));
      }
      List<Constraint> constraints =
          random.nextBoolean()
              ? List.of()
              : List.of(new Constraint("zone", Constraint.Operator.IS, Optional.of("z1")));
      wanted =
          new HeadroomClass(1 + random.nextInt(6), resources(1 + random.nextInt(3)), constraints);
      headroom = new Headroom(new TreeMap<>(Map.of("slots", wanted)), placer.trial());
    }

    private Node node(int number) {
      return new Node(
              new NodeId("n" + number),
              "n" + number,
              "n" + number,
              Resources.of(1 + random.nextInt(6), 1024, 100, random.nextInt(3)),
              new PortRange(31000, 31009),
              new PortRange(80, 83),
              new TreeMap<>(Map.of("zone", "z" + random.nextInt(2))))
          .holding(fewOrAll());
    }

    private OptionalInt fewOrAll() {
      return random.nextInt(3) == 0 ? OptionalInt.of(random.nextInt(5)) : OptionalInt.empty();
    }

    private void closeOrOpen(NodeRecord record) {
      Optional<String> reason =
          random.nextBoolean() ? Optional.of("cordoned") : Optional.<String>empty();
      change(record.seen(record.node().closed(reason), START));
    }

    private Resources resources(int halves) {
      return Resources.of(halves / 2.0, 64 * halves, 0, random.nextInt(4) == 0 ? 1 : 0);
    }

    void step() {
      switch (random.nextInt(10)) {
        case 8 -> closeOrOpen(record());
        case 9 -> {
          NodeRecord one = record();
          change(one.seen(one.node().holding(fewOrAll()), START));
        }
        case 0, 1 -> end();
        case 2 -> change(record().withDraining(random.nextBoolean(), START));
        case 3 -> change(record().offering(100 + 50 * random.nextInt(2)));
        case 4 -> take(placer.place(nodes, PersistentMap.empty(), this::of, request(0)));
        default -> placeLow();
      }
      long missing = wanted.count() - Math.min(wanted.count(), slots(nodes));
      assertThat(headroom.missing(nodes)).isEqualTo(Map.of("slots", Math.toIntExact(missing)));
      assertThat(fresh().missing(nodes)).isEqualTo(headroom.missing(nodes));
    }

    private void placeLow() {
      Request request = request(-1);
      long before = Math.min(wanted.count(), slots(nodes));
      Outcome plain = placer.place(nodes, PersistentMap.empty(), this::of, request);
      List<NodeVerdict> verdicts = fresh().explain(nodes, standing, request);
      Outcome careful = headroom.place(nodes, this::of, request, placer);
      assertThat(verdicts.stream().anyMatch(NodeVerdict::fits))
          .isEqualTo(fresh().place(nodes, this::of, request, placer) instanceof Outcome.Placed);
      if (careful instanceof Outcome.Placed) {
        assertThat(plain).isInstanceOf(Outcome.Placed.class);
        take(careful);
        assertThat(slots(nodes)).isGreaterThanOrEqualTo(before);
        return;
      }
      if (plain instanceof Outcome.Placed(Instance.Place place)) {
        NodeRecord record = requireNonNull(nodes.byId().get(place.node()));
        Nodes after = nodes.with(record.lending(request.taken(), place));
        assertThat(slots(after)).as("it is needed").isLessThan(before);
        assertThat(verdicts).extracting(NodeVerdict::reason).contains(Reason.KEPT_AS_HEADROOM);
        assertThat(((Outcome.NotPlaced) careful).survey().of(Reason.KEPT_AS_HEADROOM)).isPositive();
      }
    }

    private Headroom fresh() {
      return new Headroom(new TreeMap<>(Map.of("slots", wanted)), new Placer());
    }

    /// How many slots fit, of whichever number are wanted.
    private long slots(Nodes where) {
      long slots = 0;
      for (NodeRecord record : where.byId().values()) {
        boolean meant =
            wanted.constraints().isEmpty() || "z1".equals(record.node().attributes().get("zone"));
        if (meant && record.state() == NodeRecord.State.READY) {
          Resources free = record.free();
          Resources each = wanted.resources();
          long here =
              Math.min(free.milliCpus() / each.milliCpus(), free.memBytes() / each.memBytes());
          if (each.milliGpus() > 0) {
            here = Math.min(here, free.milliGpus() / each.milliGpus());
          }
          here = Math.min(here, record.places());
          slots += Math.max(0, here);
        }
      }
      return slots;
    }

    private Request request(int priority) {
      return HeadroomTest.request(
          resources(random.nextInt(4)),
          random.nextInt(4) == 0
              ? List.of(new Constraint("zone", Constraint.Operator.IS, Optional.of("z0")))
              : List.of(),
          priority);
    }

    private NodeRecord record() {
      List<NodeRecord> all = new ArrayList<>();
      nodes.byId().values().forEach(all::add);
      return all.get(random.nextInt(all.size()));
    }

    private void change(NodeRecord record) {
      nodes = nodes.with(record);
    }

    private List<Instance> of(PathId app) {
      return app.equals(BATCH) ? standing : List.of();
    }

    private void take(Outcome outcome) {
      if (!(outcome instanceof Outcome.Placed(Instance.Place place))) {
        return;
      }
      var id = InstanceId.of(BATCH, new UUID(0, identities++));
      standing.add(
          Instance.scheduled(id, BATCH, START, START, START.plusSeconds(identities))
              .placed(START, START, place, START));
      NodeRecord record = requireNonNull(nodes.byId().get(place.node()));
      change(record.with(id, BATCH, place));
    }

    private void end() {
      if (standing.isEmpty()) {
        return;
      }
      Instance instance = standing.remove(random.nextInt(standing.size()));
      Instance.Place place = instance.place().orElseThrow();
      NodeRecord record = requireNonNull(nodes.byId().get(place.node()));
      change(record.without(instance.id(), place));
    }
  }

  @Test
  void isNeverTakenAndNeverLargerThanNeeded() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      var world = new World(seed);
      for (int step = 0; step < 60; step++) {
        try {
          world.step();
        } catch (AssertionError | RuntimeException found) {
          throw new AssertionError("seed " + seed + ", step " + step, found);
        }
      }
    }
  }

  @Test
  void severalClassesShareTheNodes() {
    Nodes nodes = Nodes.NONE;
    for (int i = 0; i < 2; i++) {
      nodes =
          nodes.with(
              NodeRecord.of(
                  new Node(
                      new NodeId("n" + i),
                      "n" + i,
                      "n" + i,
                      Resources.of(4, 1024, 0, 0),
                      new PortRange(31000, 31009),
                      new PortRange(80, 83),
                      new TreeMap<>(Map.of("zone", "z" + i))),
                  START));
    }
    SortedMap<String, HeadroomClass> classes = new TreeMap<>();
    classes.put("small", new HeadroomClass(5, Resources.of(1, 64, 0, 0), List.of()));
    classes.put("large", new HeadroomClass(1, Resources.of(4, 64, 0, 0), List.of()));
    classes.put(
        "there",
        new HeadroomClass(
            1,
            Resources.of(1, 64, 0, 0),
            List.of(new Constraint("zone", Constraint.Operator.IS, Optional.of("z1")))));
    var headroom = new Headroom(classes, new Placer());

    assertThat(headroom.missing(nodes)).isEqualTo(Map.of("large", 0, "small", 2, "there", 0));
    assertThat(headroom.place(nodes, app -> List.of(), request(1), new Placer()))
        .isInstanceOf(Outcome.NotPlaced.class);
    assertThat(headroom.place(nodes, app -> List.of(), request(0), new Placer()))
        .as("it needs no processors, and there is memory")
        .isInstanceOf(Outcome.Placed.class);
  }

  private static Request request(double cpus) {
    return request(Resources.of(cpus, 64, 0, 0), List.of(), -1);
  }

  private static Request request(Resources resources, List<Constraint> constraints, int priority) {
    return new Request(
        BATCH,
        resources,
        0,
        List.of(),
        Set.of(),
        constraints,
        List.of(),
        new Scheduling(List.of(), List.of(), List.of(), priority, false, false),
        Optional.empty(),
        OptionalLong.empty(),
        List.of(),
        0);
  }
}
