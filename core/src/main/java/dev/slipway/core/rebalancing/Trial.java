package dev.slipway.core.rebalancing;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.Strain;
import dev.slipway.core.placement.Whereabouts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Moves that are only tried out, each on top of those before it, and can be taken back. Nodes and
/// instances are immutable, so that going back is taking the earlier ones again. For one thread.
final class Trial {
  /// A move that was made here.
  record Tried(Instance left, Instance arrived, Strain before, Strain after) {
    NodeId to() {
      return arrived.place().orElseThrow().node();
    }
  }

  /// Where it can be gone back to.
  record Mark(
      Nodes nodes,
      PersistentMap<PathId, PersistentMap<InstanceId, Instance>> instances,
      int moves) {}

  /// Says whether a move is worth making.
  @FunctionalInterface
  interface Worth {
    boolean isWorth(Tried tried);
  }

  private final Situation situation;
  private final Whereabouts whereabouts;
  private final Placer placer = new Placer();
  private final List<Tried> made = new ArrayList<>();
  private final Set<InstanceId> arrived = new HashSet<>();
  private Nodes nodes;
  private PersistentMap<PathId, PersistentMap<InstanceId, Instance>> instances;
  private int trials;

  Trial(Situation situation) {
    this.situation = situation;
    this.nodes = situation.nodes();
    this.instances = situation.instances();
    this.whereabouts =
        Whereabouts.of(nodes, situation.apps().values(), app -> situation.of(app).values());
  }

  Nodes nodes() {
    return nodes;
  }

  Whereabouts whereabouts() {
    return whereabouts;
  }

  /// How many places were looked for.
  int trials() {
    return trials;
  }

  /// Whether the instance stands here because of a move.
  boolean isNew(InstanceId id) {
    return arrived.contains(id);
  }

  /// Lets a node take nothing more, for all trials that follow.
  void close(NodeId id) {
    NodeRecord record = nodes.byId().get(id);
    if (record != null) {
      nodes = nodes.with(record.withDraining(true, situation.now()));
    }
  }

  void open(NodeId id) {
    NodeRecord record = nodes.byId().get(id);
    if (record != null) {
      nodes = nodes.with(record.withDraining(false, situation.now()));
    }
  }

  Mark mark() {
    return new Mark(nodes, instances, made.size());
  }

  void goBack(Mark mark) {
    nodes = mark.nodes();
    instances = mark.instances();
    while (made.size() > mark.moves()) {
      Tried last = made.removeLast();
      arrived.remove(last.arrived().id());
      whereabouts.leave(last.arrived());
      whereabouts.arrive(last.left());
    }
  }

  /// Moves an instance to the node that suits it best, if there is one and it is worth it; its own
  /// node has to be closed. As the move would be made: where its replacement comes first, it stands
  /// there still while the other is placed.
  Optional<Tried> move(Instance instance, AppSpec spec, Worth worth) {
    trials++;
    var place = instance.place().orElseThrow();
    Nodes without = nodes.vacated(instance.id(), place);
    boolean first = isReplacementFirst(spec, situation.of(spec.id()).size());
    var others = of(spec.id()).remove(instance.id());
    var standing = first ? of(spec.id()) : others;
    Request request = Request.of(spec, situation.portCursor());
    Outcome outcome =
        placer.place(
            first ? nodes : without,
            situation.wanted(),
            app -> app.equals(spec.id()) ? standing.values() : of(app).values(),
            request);
    if (!(outcome instanceof Outcome.Placed(Instance.Place there))) {
      return Optional.empty();
    }
    Instance fresh =
        Instance.scheduled(
                moved(instance),
                spec.id(),
                instance.version(),
                instance.generation(),
                situation.now())
            .placed(instance.version(), instance.generation(), there, situation.now())
            .in(instance.condition(), situation.now());
    Strain before = whereabouts.around(spec.id());
    whereabouts.leave(instance);
    whereabouts.arrive(fresh);
    var tried = new Tried(instance, fresh, before, whereabouts.around(spec.id()));
    if (!worth.isWorth(tried)) {
      whereabouts.leave(fresh);
      whereabouts.arrive(instance);
      return Optional.empty();
    }
    nodes = without.occupied(fresh.id(), spec.id(), there);
    instances = instances.put(spec.id(), others.put(fresh.id(), fresh));
    made.add(tried);
    arrived.add(fresh.id());
    return Optional.of(tried);
  }

  /// What would be less wrong without the instance.
  Strain relief(Instance instance) {
    Strain before = whereabouts.around(instance.app());
    whereabouts.leave(instance);
    Strain after = whereabouts.around(instance.app());
    whereabouts.arrive(instance);
    return before.minus(after);
  }

  PersistentMap<InstanceId, Instance> of(PathId app) {
    return instances.getOrDefault(app, PersistentMap.<InstanceId, Instance>empty());
  }

  /// Whether so many instances may be more by one for a while, or else may be fewer.
  static boolean isReplacementFirst(AppSpec spec, int instances) {
    UpgradeStrategy strategy = spec.upgradeStrategy();
    return strategy.maximumOverCapacity() > 0
        || Math.ceil(instances * strategy.minimumHealthCapacity()) >= instances;
  }

  private static InstanceId moved(Instance instance) {
    return InstanceId.of(
        instance.app(),
        UUID.nameUUIDFromBytes((instance.id() + " moved").getBytes(StandardCharsets.UTF_8)));
  }
}
