package dev.slipway.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Condition;
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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Nodes and instances of one app, for telling placement stories: `machines.node("n1", "zone",
/// "a").running("n1"); machines.place(request)`. A node has 4 cores, 4 GiB of memory, 10 GiB of
/// disk and its id as host name and address, unless told otherwise.
final class Machines {
  static final PathId APP = PathId.of("/shop/cart");
  static final Resources SMALL = Resources.of(1, 128, 0, 0);
  static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private Nodes nodes = Nodes.NONE;
  private final List<Instance> instances = new ArrayList<>();

  static Request request(Constraint... constraints) {
    return new Request(APP, SMALL, List.of(constraints), List.of(), 0);
  }

  static Request requestOf(Resources resources) {
    return new Request(APP, resources, List.of(), List.of(), 0);
  }

  static Request requestOfPorts(int cursor, PortRequest... ports) {
    return new Request(APP, SMALL, List.of(), List.of(ports), cursor);
  }

  static Constraint constraint(String field, Constraint.Operator operator, String value) {
    return new Constraint(field, operator, Optional.of(value));
  }

  static Constraint constraint(String field, Constraint.Operator operator) {
    return new Constraint(field, operator, Optional.empty());
  }

  Machines node(String id, String... attributes) {
    return node(id, id, Resources.of(4, 4096, 10240, 0), attributes);
  }

  Machines node(String id, String address, Resources capacity, String... attributes) {
    SortedMap<String, String> named = new TreeMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      named.put(attributes[i], attributes[i + 1]);
    }
    var node =
        new Node(
            new NodeId(id),
            id,
            address,
            capacity,
            new PortRange(31000, 31003),
            new PortRange(80, 90),
            named);
    nodes = nodes.with(NodeRecord.of(node, START));
    return this;
  }

  Machines changed(String id, UnaryOperator<NodeRecord> change) {
    nodes = nodes.with(change.apply(record(id)));
    return this;
  }

  /// Other apps' use of a node.
  Machines used(String id, Resources resources) {
    var place = new Instance.Place(new NodeId(id), List.of(), resources);
    return changed(id, record -> record.with(newId(PathId.of("/other")), APP, place));
  }

  /// Another app's share of GPUs of a node, or whole ones.
  Machines holding(String id, double gpus, Integer... devices) {
    var requested = Resources.of(0, 0, 0, gpus);
    var place =
        new Instance.Place(new NodeId(id), List.of(), requested, List.of(), List.of(devices));
    return changed(id, record -> record.with(newId(PathId.of("/other")), APP, place));
  }

  /// Takes only apps that ask for these attributes.
  Machines dedicated(String id, String... names) {
    Node node = record(id).node().dedicatedTo(Set.of(names));
    return changed(id, record -> record.seen(node, START));
  }

  Machines closed(String id, String reason) {
    Node node = record(id).node().closed(Optional.of(reason));
    return changed(id, record -> record.seen(node, START));
  }

  Machines atMost(String id, int tasks) {
    Node node = record(id).node().holding(OptionalInt.of(tasks));
    return changed(id, record -> record.seen(node, START));
  }

  Machines draining(String id) {
    return changed(id, record -> record.withDraining(true, START));
  }

  Machines silent(String id) {
    return changed(id, record -> record.silenced(START));
  }

  Machines gone(String id) {
    nodes = new Nodes(nodes.byId().remove(new NodeId(id)), nodes.portsByAddress());
    return this;
  }

  /// An instance of the app on the node, with its ports.
  Machines running(String id, Integer... ports) {
    return standing(Condition.RUNNING, id, ports);
  }

  Machines standing(Condition condition, String id, Integer... ports) {
    var place = new Instance.Place(new NodeId(id), List.of(ports), SMALL);
    var instance =
        Instance.scheduled(newId(APP), APP, START, START, START.plusSeconds(instances.size()))
            .placed(START, START, place, START)
            .in(condition, START);
    instances.add(instance);
    if (condition.isTerminal()) {
      return this;
    }
    var record = record(id);
    String address = record.node().address();
    PersistentMap<Integer, InstanceId> taken = nodes.portsOf(record.node());
    for (Integer port : ports) {
      taken = taken.put(port, instance.id());
    }
    nodes =
        new Nodes(
            nodes.byId().put(record.id(), record.with(instance.id(), APP, place)),
            nodes.portsByAddress().put(address, taken));
    return this;
  }

  Machines scheduled() {
    instances.add(Instance.scheduled(newId(APP), APP, START, START, START));
    return this;
  }

  /// Places as many as fit, up to `count`, one after the other; the nodes they stand on.
  List<String> placeAll(int count, Request request) {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (!(place(request) instanceof Outcome.Placed(Instance.Place place))) {
        break;
      }
      chosen.add(place.node().value());
      running(place.node().value(), place.hostPorts().toArray(Integer[]::new));
    }
    return chosen;
  }

  Outcome place(Request request) {
    return Placement.place(nodes, TypicalRequests.NONE, request, instances);
  }

  List<Integer> portsFor(Request request) {
    assertThat(place(request)).isInstanceOf(Outcome.Placed.class);
    return place(request) instanceof Outcome.Placed(Instance.Place place)
        ? place.hostPorts()
        : List.of();
  }

  List<Integer> devicesFor(Request request) {
    assertThat(place(request)).isInstanceOf(Outcome.Placed.class);
    return place(request) instanceof Outcome.Placed(Instance.Place place)
        ? place.devices()
        : List.of();
  }

  String nodeFor(Request request) {
    return place(request) instanceof Outcome.Placed(Instance.Place place)
        ? place.node().value()
        : "none";
  }

  List<NodeVerdict> explain(Request request) {
    return Placement.explain(nodes, request, instances);
  }

  /// The verdict on one node, as `REASON: detail`.
  String verdict(String id, Request request) {
    return explain(request).stream()
        .filter(verdict -> verdict.node().value().equals(id))
        .map(verdict -> verdict.reason() + ": " + verdict.detail())
        .findFirst()
        .orElse("no such node");
  }

  Optional<String> nearestFit(Request request) {
    return Placement.nearestFit(nodes, request, instances);
  }

  List<Remedy> remedies(Request request) {
    return Remedies.of(nodes, request, instances);
  }

  /// The nodes that would take the request.
  List<String> fitting(Request request) {
    return explain(request).stream()
        .filter(NodeVerdict::fits)
        .map(verdict -> verdict.node().value())
        .toList();
  }

  private NodeRecord record(String id) {
    return Objects.requireNonNull(nodes.byId().get(new NodeId(id)));
  }

  private InstanceId newId(PathId app) {
    return InstanceId.of(app, new UUID(0, instances.size()));
  }
}
