package dev.slipway.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.node.Supplies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The fast way to a place finds what looking at each node finds, whatever happened before.
class PlacerTest {
  private static final int SEEDS = Integer.getInteger("slipway.seeds", 150);
  private static final int STEPS = 100;
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final List<Constraint.Operator> OPERATORS = List.of(Constraint.Operator.values());

  /// Mostly all alike, so that what comes after it decides.
  private static final List<DisruptionRisk> RISKS =
      List.of(
          DisruptionRisk.NONE,
          DisruptionRisk.NONE,
          DisruptionRisk.NONE,
          DisruptionRisk.LOW,
          DisruptionRisk.HIGH);

  /// Nodes and apps that change at random.
  private static final class World {
    private final Random random;
    private final Placer placer = new Placer();
    private final List<Request> requests = new ArrayList<>();
    private final List<Instance> instances = new ArrayList<>();
    private Nodes nodes = Nodes.NONE;
    private PersistentMap<PathId, App> wanted = PersistentMap.empty();
    private int identities;

    World(long seed) {
      random = new Random(seed);
      int size = 1 + random.nextInt(12);
      for (int i = 0; i < size; i++) {
        nodes = nodes.with(NodeRecord.of(node(i), START));
      }
      for (int i = 0; i < 4; i++) {
        requests.add(request(PathId.of("/app" + i)));
      }
    }

    private Node node(int number) {
      var attributes = new TreeMap<String, String>();
      if (random.nextInt(6) > 0) {
        attributes.put("zone", "z" + random.nextInt(3));
      }
      attributes.put("rack", Integer.toString(random.nextInt(4)));
      var features = new TreeSet<NodeFeature>();
      if (random.nextBoolean()) {
        features.add(NodeFeature.IMAGES);
      }
      String id = "n" + number;
      return new Node(
              new NodeId(id),
              random.nextInt(4) > 0 ? id : "shared",
              random.nextBoolean() ? id : "a" + random.nextInt(3),
              Resources.of(1 + random.nextInt(6), 1024, 100, random.nextInt(3)),
              new PortRange(31000, 31000 + random.nextInt(6)),
              new PortRange(80, 83),
              attributes,
              features)
          .withRisk(RISKS.get(random.nextInt(RISKS.size())))
          .holding(fewOrAll());
    }

    private Request request(PathId app) {
      List<Constraint> constraints = new ArrayList<>();
      while (random.nextInt(5) < 2) {
        constraints.add(constraint());
      }
      List<Preference> preferences = new ArrayList<>();
      while (random.nextInt(4) == 0) {
        preferences.add(new Preference(constraint(), 1 + random.nextInt(10)));
      }
      List<PortRequest> ports = new ArrayList<>();
      while (random.nextInt(3) == 0) {
        ports.add(
            random.nextBoolean()
                ? new PortRequest.Any()
                : new PortRequest.Required(
                    random.nextBoolean() ? 79 + random.nextInt(6) : 31000 + random.nextInt(4)));
      }
      double gpus =
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(3);
            case 1 -> random.nextInt(1000) / 1000.0;
            default -> 0;
          };
      return new Request(
          app,
          Resources.of(random.nextInt(5) / 2.0, random.nextInt(4) * 64, random.nextInt(20), gpus),
          0,
          List.of(),
          random.nextInt(4) == 0 ? Set.of(NodeFeature.IMAGES) : Set.of(),
          constraints,
          preferences,
          scheduling(),
          random.nextInt(8) == 0
              ? Optional.of(new Request.Bound(Set.of(new NodeId("n1")), "its volumes are on n1"))
              : Optional.empty(),
          random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(3)),
          ports,
          random.nextInt(100));
    }

    private Scheduling scheduling() {
      List<Scheduling.Spread> spread = new ArrayList<>();
      while (random.nextInt(5) == 0) {
        spread.add(new Scheduling.Spread(field(), 1 + random.nextInt(3), weight()));
      }
      List<Scheduling.Affinity> affinity = new ArrayList<>();
      while (random.nextInt(6) == 0) {
        affinity.add(affinity());
      }
      List<Scheduling.Affinity> antiAffinity = new ArrayList<>();
      while (random.nextInt(6) == 0) {
        antiAffinity.add(affinity());
      }
      return new Scheduling(
          spread, affinity, antiAffinity, 0, false, false, random.nextInt(3) == 0);
    }

    private Scheduling.Affinity affinity() {
      return new Scheduling.Affinity(PathId.of("/app" + random.nextInt(5)), field(), weight());
    }

    private OptionalInt weight() {
      return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(5));
    }

    private String field() {
      return List.of("zone", "rack", "hostname", "@hostname", "none").get(random.nextInt(5));
    }

    private Constraint constraint() {
      Constraint.Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
      String value =
          switch (operator) {
            case LIKE, UNLIKE -> "z[01]|n[0-5]|[12]";
            case IS, CLUSTER -> List.of("z1", "1", "1.0", "n2").get(random.nextInt(4));
            case UNIQUE -> "";
            case MAX_PER, GROUP_BY -> List.of("1", "2", "3", "x").get(random.nextInt(4));
          };
      return new Constraint(
          field(), operator, random.nextInt(3) == 0 ? Optional.empty() : Optional.of(value));
    }

    void step() {
      switch (random.nextInt(20)) {
        case 19 -> closeOrOpen(record());
        case 17, 18 -> limit(record());
        case 16 -> want();
        case 14, 15 -> change(record().supplied(random.nextInt(2 * Supplies.MOST)));
        case 13 -> offer();
        case 12 -> change(record().under(pressure()));
        case 0 -> change(record().withDraining(random.nextBoolean(), START));
        case 1 -> {
          NodeRecord one = record();
          change(random.nextBoolean() ? one.silenced(START) : one.seen(one.node(), START));
        }
        case 2 -> see(node(random.nextInt(20)));
        case 3 -> forgetAnEmptyOne();
        case 4, 5 -> end();
        default -> place();
      }
    }

    /// Mostly all nodes offer other parts of their processors, as a policy has it.
    private void offer() {
      int percent = List.of(100, 150, 333).get(random.nextInt(3));
      if (random.nextInt(4) == 0) {
        change(record().offering(percent));
      } else {
        nodes.byId().values().forEach(record -> change(record.offering(percent)));
      }
    }

    private void closeOrOpen(NodeRecord record) {
      Optional<String> reason =
          List.of(Optional.<String>empty(), Optional.of("cordoned"), Optional.of("memory pressure"))
              .get(random.nextInt(3));
      change(record.seen(record.node().closed(reason), START));
    }

    private void limit(NodeRecord record) {
      change(record.seen(record.node().holding(fewOrAll()), START));
    }

    private OptionalInt fewOrAll() {
      return random.nextInt(3) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(6));
    }

    /// A new machine, or one that is other than before; its devices stay.
    private void see(Node node) {
      NodeRecord known = nodes.byId().get(node.id());
      if (known == null) {
        change(NodeRecord.of(node, START));
      } else if (known.node().devices() == node.devices()
          && known.node().address().equals(node.address())) {
        change(known.seen(node, START));
      }
    }

    /// An app more, of another size, or one less.
    private void want() {
      PathId id = PathId.of("/wanted" + random.nextInt(6));
      if (random.nextInt(5) == 0) {
        wanted = wanted.remove(id);
        return;
      }
      Resources asked = request(id).resources();
      var spec = SampleApps.sleeper(id.toString()).toBuilder().resources(asked).build();
      wanted =
          wanted.put(id, new App(spec.withInstances(random.nextInt(20)), VersionInfo.first(START)));
    }

    private NodeRecord record() {
      var all = new ArrayList<NodeRecord>();
      nodes.byId().values().forEach(all::add);
      return all.get(random.nextInt(all.size()));
    }

    private void change(NodeRecord record) {
      nodes = nodes.with(record);
    }

    private Pressure pressure() {
      Pressure.Level[] levels = Pressure.Level.values();
      return new Pressure(levels[random.nextInt(levels.length)], "");
    }

    private void forgetAnEmptyOne() {
      NodeRecord record = record();
      if (record.instances().isEmpty() && nodes.byId().size() > 1) {
        nodes = nodes.without(record.id());
      }
    }

    private List<Instance> of(PathId app) {
      return instances.stream().filter(instance -> instance.app().equals(app)).toList();
    }

    private void place() {
      Request request = requests.get(random.nextInt(requests.size()));
      Outcome plain =
          Placement.place(nodes, TypicalRequests.of(wanted), request, of(request.app()));
      Outcome fast = placer.place(nodes, wanted, this::of, request);
      assertThat(fast).as(request.toString()).isEqualTo(plain);
      assertThat(placer.survey(nodes, this::of, request))
          .as(request.toString())
          .isEqualTo(Survey.of(Placement.explain(nodes, request, of(request.app()))));
      place(plain).ifPresent(place -> stand(request.app(), place));
    }

    private static Optional<Instance.Place> place(Outcome outcome) {
      return outcome instanceof Outcome.Placed placed
          ? Optional.of(placed.place())
          : Optional.empty();
    }

    private void stand(PathId app, Instance.Place place) {
      var id = InstanceId.of(app, new UUID(0, identities));
      var instance =
          Instance.scheduled(id, app, START, START, START.plusSeconds(identities))
              .placed(START, START, place, START);
      identities++;
      instances.add(instance);
      NodeRecord record = nodes.byId().get(place.node());
      if (record == null) {
        throw new IllegalStateException("placed on a node that is not there");
      }
      PersistentMap<Integer, InstanceId> taken = nodes.portsOf(record.node());
      for (int port : place.hostPorts()) {
        taken = taken.put(port, id);
      }
      nodes = nodes.with(record.with(id, app, place)).withPorts(record.node().address(), taken);
    }

    private void end() {
      if (instances.isEmpty()) {
        return;
      }
      Instance instance = instances.remove(random.nextInt(instances.size()));
      Instance.Place place = instance.place().orElseThrow();
      NodeRecord record = nodes.byId().get(place.node());
      if (record == null) {
        throw new IllegalStateException("a node is forgotten that has instances");
      }
      PersistentMap<Integer, InstanceId> taken = nodes.portsOf(record.node());
      for (int port : place.hostPorts()) {
        taken = taken.remove(port);
      }
      nodes =
          nodes
              .with(record.without(instance.id(), place))
              .withPorts(record.node().address(), taken);
    }
  }

  @Test
  void thePlaceIsTheSameAsByLookingAtEachNode() {
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
