package dev.slipway.core.rebalancing;

import static java.util.Objects.requireNonNull;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.AppSpecBuilder;
import dev.slipway.core.app.Command;
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
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.Spot;
import dev.slipway.core.placement.Strain;
import dev.slipway.core.placement.Whereabouts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Nodes with instances on them, and moves that come true at once.
final class Yard {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SortedMap<PathId, AppSpec> apps = new TreeMap<>();
  private final Placer placer = new Placer();
  private Nodes nodes = Nodes.NONE;
  private PersistentMap<PathId, PersistentMap<InstanceId, Instance>> instances =
      PersistentMap.empty();
  private Predicate<Instance> movable = instance -> true;
  private int identities;

  Nodes nodes() {
    return nodes;
  }

  SortedMap<PathId, AppSpec> apps() {
    return apps;
  }

  Yard node(String id, Resources capacity, String... attributes) {
    SortedMap<String, String> named = new TreeMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      named.put(attributes[i], attributes[i + 1]);
    }
    var node =
        new Node(
            new NodeId(id),
            id,
            id,
            capacity,
            new PortRange(31000, 31099),
            new PortRange(80, 90),
            named);
    nodes = nodes.with(NodeRecord.of(node, START));
    return this;
  }

  Yard changed(String id, UnaryOperator<NodeRecord> change) {
    nodes = nodes.with(change.apply(nodes.byId().get(new NodeId(id))));
    return this;
  }

  Yard app(String id, double cpus, UnaryOperator<AppSpecBuilder> more) {
    var spec =
        AppSpec.builder(PathId.of(id), new Command.Shell("run"))
            .resources(Resources.of(cpus, 64, 0, 0));
    apps.put(PathId.of(id), more.apply(spec).build());
    return this;
  }

  Yard app(String id, double cpus) {
    return app(id, cpus, spec -> spec);
  }

  Yard unmovable(String app) {
    movable = movable.and(instance -> !instance.app().equals(PathId.of(app)));
    return this;
  }

  /// One instance of the app there, whatever its rules say.
  Yard on(String node, String... ids) {
    for (String id : ids) {
      AppSpec spec = requireNonNull(apps.get(PathId.of(id)));
      stand(spec, new Instance.Place(new NodeId(node), List.of(), spec.resources()));
    }
    return this;
  }

  /// One instance where it is best placed.
  Optional<InstanceId> placed(PathId app) {
    AppSpec spec = requireNonNull(apps.get(app));
    Outcome outcome =
        placer.place(nodes, PersistentMap.empty(), id -> of(id).values(), Request.of(spec, 0));
    return outcome instanceof Outcome.Placed(Instance.Place place)
        ? Optional.of(stand(spec, place))
        : Optional.empty();
  }

  private InstanceId stand(AppSpec spec, Instance.Place place) {
    var id = InstanceId.of(spec.id(), new UUID(7, identities));
    Instant at = START.plusSeconds(identities++);
    Instance instance =
        Instance.scheduled(id, spec.id(), START, START, at)
            .placed(START, START, place, at)
            .in(Condition.RUNNING, at);
    nodes = nodes.occupied(id, spec.id(), place);
    instances = instances.put(spec.id(), of(spec.id()).put(id, instance));
    return id;
  }

  void end(InstanceId id) {
    Instance instance = requireNonNull(of(id.app()).get(id));
    nodes = nodes.vacated(id, instance.place().orElseThrow());
    instances = instances.put(id.app(), of(id.app()).remove(id));
  }

  PersistentMap<InstanceId, Instance> of(PathId app) {
    return instances.getOrDefault(app, PersistentMap.<InstanceId, Instance>empty());
  }

  List<InstanceId> all() {
    List<InstanceId> all = new ArrayList<>();
    instances.values().forEach(of -> of.keys().forEach(all::add));
    return all;
  }

  Plan plan(double minimumGain) {
    return Rebalancer.plan(situation(), minimumGain);
  }

  Situation situation() {
    return new Situation(
        nodes, PersistentMap.empty(), apps, instances, movable, 0, START.plusSeconds(identities));
  }

  /// Makes the move as the platform does, the replacement first where the app is so.
  ///
  /// @return why not, if it cannot be made
  Optional<String> make(Move move) {
    AppSpec spec = requireNonNull(apps.get(move.instance().app()));
    Instance old = requireNonNull(of(spec.id()).get(move.instance()));
    boolean first = Trial.isReplacementFirst(spec, of(spec.id()).size());
    if (!first) {
      end(old.id());
    }
    Spot spot = Spot.on(move.to(), nodes, Request.of(spec, 0), of(spec.id()).values());
    if (!(spot instanceof Spot.Free(Instance.Place place))) {
      return Optional.of(spot.toString());
    }
    if (first) {
      end(old.id());
    }
    stand(spec, place);
    return Optional.empty();
  }

  long used() {
    long used = 0;
    for (NodeRecord record : nodes.byId().values()) {
      used += Emptying.standing(situation(), record) > 0 ? 1 : 0;
    }
    return used;
  }

  Strain strain() {
    var whereabouts = Whereabouts.of(nodes, apps.values(), id -> of(id).values());
    Strain sum = Strain.NONE;
    for (PathId app : apps.keySet()) {
      sum = sum.plus(whereabouts.strain(app));
    }
    return sum;
  }

  List<String> where(String app) {
    List<String> where = new ArrayList<>();
    of(PathId.of(app)).values().forEach(one -> where.add(one.place().orElseThrow().node().value()));
    where.sort(null);
    return where;
  }
}
