package dev.slipway.bench.scheduling;

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
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.PortRequest;
import dev.slipway.core.placement.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// Slipway as its users have it: the control loop's [Placer], with nodes and requests as they are
/// recorded. To record a decision is part of its time, as far as nodes are concerned; no journal
/// and no instances' states are kept, so that it is for cells where no app speaks of another.
public final class PlatformPolicy implements Policy {
  private static final String MODEL = "model";
  private static final PortRange DYNAMIC = new PortRange(31_000, 32_000);
  private static final PortRange FIXED = new PortRange(1, 30_000);

  private final Map<Integer, Standing> standing = new HashMap<>();
  private final Map<Integer, Request> requests = new HashMap<>();
  private final Map<NodeId, Integer> numbers = new HashMap<>();
  private Placer placer = new Placer();
  private Nodes nodes = Nodes.NONE;

  private record Standing(InstanceId id, Instance.Place place) {}

  @Override
  public String name() {
    return "slipway-platform";
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    standing.clear();
    requests.clear();
    numbers.clear();
    placer = new Placer();
    nodes = Nodes.NONE;
    for (Host host : hosts) {
      Node node = node(host);
      numbers.put(node.id(), host.index());
      nodes = nodes.with(NodeRecord.of(node, Instant.EPOCH));
    }
    expected.forEach(task -> requests.put(task.index(), request(task)));
  }

  private static Node node(Host host) {
    SortedMap<String, String> attributes = new TreeMap<>(host.attributes());
    if (!host.gpuModel().isEmpty()) {
      attributes.put(MODEL, host.gpuModel());
    }
    return new Node(
            new NodeId(host.name()),
            host.name(),
            host.name(),
            resources(host.capacity(), host.gpus() * Resources.DEVICE),
            DYNAMIC,
            FIXED,
            attributes)
        .dedicatedTo(host.dedicated());
  }

  private static Resources resources(Amounts amounts, int milliGpus) {
    return new Resources(
        amounts.of(0),
        amounts.of(1) * Resources.MEBIBYTE,
        amounts.of(2) * Resources.MEBIBYTE,
        milliGpus);
  }

  @Override
  public boolean place(Task task, Choice choice) {
    Request request = requests.computeIfAbsent(task.index(), _ -> request(task));
    Outcome outcome = placer.place(nodes, PersistentMap.empty(), _ -> List.of(), request);
    if (!(outcome instanceof Outcome.Placed(Instance.Place place))) {
      return false;
    }
    record(task, request, place);
    choice.host = Objects.requireNonNull(numbers.get(place.node()));
    choice.devices = 0;
    for (int device : place.devices()) {
      choice.devices |= 1L << device;
    }
    return true;
  }

  private void record(Task task, Request request, Instance.Place place) {
    var id = InstanceId.of(request.app(), new UUID(0, task.index()));
    nodes = nodes.occupied(id, request.app(), place);
    standing.put(task.index(), new Standing(id, place));
  }

  @Override
  public void remove(Task task, Choice choice) {
    Standing leaving = standing.remove(task.index());
    if (leaving != null) {
      nodes = nodes.vacated(leaving.id(), leaving.place());
    }
  }

  private static Request request(Task task) {
    List<Constraint> constraints = new ArrayList<>();
    List<Scheduling.Spread> spread = new ArrayList<>();
    List<Scheduling.Affinity> together = new ArrayList<>();
    List<Scheduling.Affinity> apart = new ArrayList<>();
    for (Task.Rule rule : task.rules()) {
      switch (rule) {
        case Task.Rule.Attribute(String name, String value) ->
            constraints.add(constraint(name, Constraint.Operator.IS, value));
        case Task.Rule.Spread(String name, int skew) ->
            spread.add(new Scheduling.Spread(name, skew, OptionalInt.empty()));
        case Task.Rule.AtMost(String name, int count) ->
            constraints.add(constraint(name, Constraint.Operator.MAX_PER, Integer.toString(count)));
        case Task.Rule.Apart(String other, String name) ->
            apart.add(new Scheduling.Affinity(app(other), name, OptionalInt.empty()));
        case Task.Rule.Together(String other, String name) ->
            together.add(new Scheduling.Affinity(app(other), name, OptionalInt.empty()));
      }
    }
    if (!task.gpuModels().isEmpty()) {
      String models = String.join("|", task.gpuModels());
      constraints.add(constraint(MODEL, Constraint.Operator.LIKE, models));
    }
    return new Request(
        app(task.app()),
        resources(task.request(), task.milliGpus()),
        0,
        List.of(),
        Set.of(),
        constraints,
        List.of(),
        new Scheduling(spread, together, apart, 0, false, false),
        Optional.empty(),
        OptionalLong.empty(),
        task.ports().stream().<PortRequest>map(PortRequest.Required::new).toList(),
        0);
  }

  private static PathId app(String name) {
    return PathId.ROOT.child(name);
  }

  private static Constraint constraint(String name, Constraint.Operator operator, String value) {
    return new Constraint(name, operator, Optional.of(value));
  }
}
