package dev.slipway.core.placement;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// Places a list of requests on a list of nodes, both of which need not exist, and touches nothing:
/// each request is given what the control loop would give it if the ones before it stood already.
///
/// A pure function but for the patience of the one who asks; the nodes that are handed in stay what
/// they are. The search is the control loop's, so that ten thousand requests on ten thousand nodes
/// are placed in a fraction of a second.
public final class WhatIf {
  /// Instances that may be asked for at once.
  public static final int MOST_INSTANCES = 10_000;

  /// Nodes that there may be, real ones and others.
  public static final int MOST_NODES = 20_000;

  /// How many placements are made between two looks at the patience.
  private static final int AT_A_TIME = 64;

  private final Placer placer = new Placer();
  private final PersistentMap<PathId, App> wanted;
  private final Placer.Instances standing;
  private final Map<PathId, List<Instance>> added = new HashMap<>();
  private Nodes nodes;
  private int identities;

  private WhatIf(Nodes nodes, PersistentMap<PathId, App> wanted, Placer.Instances standing) {
    this.nodes = nodes;
    this.wanted = wanted;
    this.standing = standing;
  }

  /// So many equal requests.
  public record Ask(Request request, int count) {
    public Ask {
      if (count < 0 || count > MOST_INSTANCES) {
        throw new IllegalArgumentException("a count lies within 0 to " + MOST_INSTANCES);
      }
    }
  }

  /// What became of an ask.
  ///
  /// @param byNode how many stand where
  /// @param refused how many found no node
  /// @param survey how many nodes refused the first of those for what; empty where all were placed
  public record Given(SortedMap<NodeId, Integer> byNode, int refused, Survey survey) {
    public Given {
      byNode = Collections.unmodifiableSortedMap(new TreeMap<>(byNode));
    }

    public int placed() {
      return byNode.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /// @param given one an ask, in their order; fewer where the patience ended
  /// @param after the nodes with all that was placed on them
  public record Answer(List<Given> given, Nodes after) {
    public Answer {
      given = List.copyOf(given);
    }
  }

  /// Places the asks one after another.
  ///
  /// @param wanted all apps that there are, to which nodes are to stay of use
  /// @param standing the instances that apps have
  /// @param patience whether to go on; asked every now and then
  public static Answer place(
      Nodes nodes,
      PersistentMap<PathId, App> wanted,
      Placer.Instances standing,
      List<Ask> asks,
      BooleanSupplier patience) {
    var tried = new WhatIf(nodes, wanted, standing);
    List<Given> given = new ArrayList<>();
    for (Ask ask : asks) {
      if (!patience.getAsBoolean()) {
        break;
      }
      given.add(tried.all(ask, patience));
    }
    return new Answer(given, tried.nodes);
  }

  /// The nodes without one, and without the ports that its instances have.
  public static Nodes without(Nodes nodes, NodeRecord gone) {
    PersistentMap<Integer, InstanceId> taken = nodes.portsOf(gone.node());
    for (var entry : nodes.portsOf(gone.node())) {
      if (gone.instances().containsKey(entry.getValue())) {
        taken = taken.remove(entry.getKey());
      }
    }
    return nodes.without(gone.id()).withPorts(gone.node().address(), taken);
  }

  private Given all(Ask ask, BooleanSupplier patience) {
    Nodes before = nodes;
    SortedMap<NodeId, Integer> byNode = new TreeMap<>();
    Request request = ask.request();
    for (int number = 0; number < ask.count(); number++) {
      if (number % AT_A_TIME == AT_A_TIME - 1 && !patience.getAsBoolean()) {
        return given(ask, byNode, before, Survey.NONE);
      }
      switch (placer.place(nodes, wanted, this::instances, request)) {
        case Outcome.Placed(Instance.Place place) -> {
          stand(request, place);
          byNode.merge(place.node(), 1, Integer::sum);
        }
        case Outcome.NotPlaced(Survey survey) -> {
          // Nothing changed since, so that the others would find what this one found.
          return given(ask, byNode, before, survey);
        }
      }
    }
    return new Given(byNode, 0, Survey.NONE);
  }

  /// Where an entry's instances stand that was not placed whole: those of a gang nowhere.
  private Given given(Ask ask, SortedMap<NodeId, Integer> byNode, Nodes before, Survey survey) {
    int placed = byNode.values().stream().mapToInt(Integer::intValue).sum();
    if (!ask.request().scheduling().gang()) {
      return new Given(byNode, ask.count() - placed, survey);
    }
    List<Instance> more = added.getOrDefault(ask.request().app(), new ArrayList<>());
    more.subList(more.size() - placed, more.size()).clear();
    nodes = before;
    return new Given(new TreeMap<>(), ask.count(), survey);
  }

  private Iterable<Instance> instances(PathId app) {
    List<Instance> more = added.getOrDefault(app, List.of());
    if (more.isEmpty()) {
      return standing.of(app);
    }
    List<Instance> all = new ArrayList<>();
    standing.of(app).forEach(all::add);
    all.addAll(more);
    return all;
  }

  private void stand(Request request, Instance.Place place) {
    NodeRecord record = nodes.byId().get(place.node());
    if (record == null) {
      throw new IllegalStateException("placed on " + place.node() + ", which is not there");
    }
    PathId app = request.app();
    var id = InstanceId.of(app, new UUID(0, identities++));
    var instance =
        Instance.scheduled(id, app, Instant.EPOCH, Instant.EPOCH, Instant.MAX)
            .placed(Instant.EPOCH, Instant.EPOCH, place, Instant.MAX);
    added.computeIfAbsent(app, first -> new ArrayList<>()).add(instance);
    PersistentMap<Integer, InstanceId> taken = nodes.portsOf(record.node());
    for (int port : place.hostPorts()) {
      taken = taken.put(port, id);
    }
    NodeRecord fuller = record.with(id, app, place);
    nodes = nodes.with(request.volumeBytes() == 0 ? fuller : fuller.keeping(request.volumeBytes()));
    if (!place.hostPorts().isEmpty()) {
      nodes = nodes.withPorts(record.node().address(), taken);
    }
  }
}
