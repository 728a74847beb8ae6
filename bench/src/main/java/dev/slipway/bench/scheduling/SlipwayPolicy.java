package dev.slipway.bench.scheduling;

import dev.slipway.core.scheduling.Admission;
import dev.slipway.core.scheduling.Asker;
import dev.slipway.core.scheduling.Footprint;
import dev.slipway.core.scheduling.NodeTable;
import dev.slipway.core.scheduling.Packing;
import dev.slipway.core.scheduling.RemainingUse;
import dev.slipway.core.scheduling.RequestMix;
import dev.slipway.core.scheduling.Rule;
import dev.slipway.core.scheduling.Scheduler;
import dev.slipway.core.scheduling.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// Slipway's own search, as the platform calls it: requests come one by one as they are, and what
/// equal ones share is found by their content each time.
public final class SlipwayPolicy implements Policy {
  /// A node's loss is to cost an app at most this part of its tasks, if it can be helped.
  private static final int PARTS = 4;

  private static final BitSet NONE = new BitSet();

  private final String name;
  private final Scoring scoring;
  private final int parts;
  private final Map<String, Footprint> footprints = new HashMap<>();
  private final Map<String, Integer> sizes = new HashMap<>();
  private final Map<Needs, Shape> shapes = new HashMap<>();
  private final Map<BitSet, Admission> admissions = new HashMap<>();
  private final Map<Task.Rule.Attribute, BitSet> having = new HashMap<>();
  private final Map<String, BitSet> dedicated = new HashMap<>();
  private final Map<String, BitSet> models = new HashMap<>();
  private final Map<String, Asking> askers = new HashMap<>();
  private List<Host> hosts = List.of();
  private @Nullable NodeTable table;
  private @Nullable Scheduler scheduler;

  /// What a task asks of any host.
  private record Needs(
      Amounts request,
      int milliGpus,
      SortedSet<String> gpuModels,
      List<Task.Rule.Attribute> attributes,
      List<Integer> ports) {}

  /// What an app asked for last, and as whom.
  private record Asking(Task task, Asker asker) {
    boolean isFor(Task other) {
      return task.request().equals(other.request())
          && task.milliGpus() == other.milliGpus()
          && areSame(task.gpuModels(), other.gpuModels())
          && task.rules().equals(other.rules())
          && task.ports().equals(other.ports());
    }

    /// Most have none, and to compare two empty ones leaves iterators to collect.
    private static boolean areSame(SortedSet<String> one, SortedSet<String> other) {
      return one.size() == other.size() && (one.isEmpty() || one.equals(other));
    }
  }

  /// Says which of the hosts that are equal otherwise is taken.
  @FunctionalInterface
  public interface Scoring {
    /// @param expected tasks that are typical of what will come
    Packing of(NodeTable table, List<Task> expected);
  }

  public SlipwayPolicy() {
    this("slipway", SlipwayPolicy::remainingUse, PARTS);
  }

  /// @param name as it is told in tables
  /// @param parts into so many parts an app's tasks are spread, before packing is looked at; 0
  ///     where it is only packed
  public SlipwayPolicy(String name, Scoring scoring, int parts) {
    this.name = name;
    this.scoring = scoring;
    this.parts = parts;
  }

  /// The product's own score.
  public static Packing remainingUse(NodeTable table, List<Task> expected) {
    var mix = new RequestMix();
    expected.forEach(task -> mix.add(amounts(task.request()), task.milliGpus(), 1));
    return RemainingUse.of(table, mix.typical());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    this.hosts = List.copyOf(hosts);
    footprints.clear();
    sizes.clear();
    shapes.clear();
    askers.clear();
    admissions.clear();
    having.clear();
    dedicated.clear();
    models.clear();
    for (Host host : hosts) {
      host.attributes()
          .forEach((name, value) -> note(having, new Task.Rule.Attribute(name, value), host));
      host.dedicated().forEach(name -> note(dedicated, name, host));
      note(models, host.gpuModel(), host);
    }
    int dimensions = hosts.isEmpty() ? 0 : hosts.getFirst().capacity().dimensions();
    table = new NodeTable(dimensions, hosts.stream().map(SlipwayPolicy::description).toList());
    scheduler = new Scheduler(table, scoring.of(table, expected));
    expected.forEach(task -> sizes.merge(task.app(), 1, Integer::sum));
  }

  private static NodeTable.Description description(Host host) {
    List<Long> capacity = new ArrayList<>();
    for (int dimension = 0; dimension < host.capacity().dimensions(); dimension++) {
      capacity.add(host.capacity().of(dimension));
    }
    Map<String, String> attributes = new HashMap<>(host.attributes());
    attributes.putIfAbsent("hostname", host.name());
    return new NodeTable.Description(capacity, host.gpus(), host.name(), 1, 65_535, attributes);
  }

  @Override
  public boolean place(Task task, Choice choice) {
    Asker asker = asker(task);
    int node = started().best(asker);
    if (node < 0) {
      return false;
    }
    choice.host = node;
    choice.devices = started().take(asker, node);
    return true;
  }

  @Override
  public boolean adopt(Task task, Choice choice) {
    started().take(asker(task), choice.host, choice.devices);
    return true;
  }

  /// What was found out for those that stand already would be there.
  @Override
  public void ready() {
    askers.values().forEach(asking -> started().best(asking.asker()));
  }

  @Override
  public void remove(Task task, Choice choice) {
    started().give(asker(task), choice.host, choice.devices);
  }

  private Scheduler started() {
    if (scheduler == null) {
      throw new IllegalStateException("start comes first");
    }
    return scheduler;
  }

  private Asker asker(Task task) {
    Asking known = askers.get(task.app());
    if (known == null || !known.isFor(task)) {
      known = new Asking(task, newAsker(task));
      askers.put(task.app(), known);
    }
    return known.asker();
  }

  private Asker newAsker(Task wish) {
    List<Rule> rules = new ArrayList<>();
    List<Task.Rule.Attribute> attributes = new ArrayList<>();
    Footprint own = footprint(wish.app());
    for (Task.Rule rule : wish.rules()) {
      switch (rule) {
        case Task.Rule.Attribute attribute -> attributes.add(attribute);
        case Task.Rule.Spread(String name, int skew) ->
            rules.add(rule(Rule.Kind.EVEN, own, name, skew));
        case Task.Rule.AtMost(String name, int count) ->
            rules.add(rule(Rule.Kind.AT_MOST, own, name, count));
        case Task.Rule.Apart(String app, String name) ->
            rules.add(rule(Rule.Kind.AT_MOST, footprint(app), name, 1));
        case Task.Rule.Together(String app, String name) ->
            rules.add(rule(Rule.Kind.TOGETHER, footprint(app), name, 1));
      }
    }
    var needs =
        new Needs(wish.request(), wish.milliGpus(), wish.gpuModels(), attributes, wish.ports());
    int perNode =
        parts == 0 ? Integer.MAX_VALUE : Math.max(1, sizes.getOrDefault(wish.app(), 1) / parts);
    return new Asker(shapes.computeIfAbsent(needs, this::shape), own, perNode, rules);
  }

  private Footprint footprint(String app) {
    return footprints.computeIfAbsent(app, any -> new Footprint(nodes()));
  }

  private NodeTable nodes() {
    if (table == null) {
      throw new IllegalStateException("start comes first");
    }
    return table;
  }

  private Rule rule(Rule.Kind kind, Footprint of, String attribute, int limit) {
    return new Rule(kind, of, nodes().attribute(attribute), limit, 0);
  }

  private static <K> void note(Map<K, BitSet> sets, K key, Host host) {
    sets.computeIfAbsent(key, _ -> new BitSet()).set(host.index());
  }

  private Shape shape(Needs needs) {
    int[] ports = needs.ports().stream().mapToInt(Integer::intValue).toArray();
    return new Shape(
        amounts(needs.request()),
        needs.milliGpus(),
        ports,
        0,
        admissions.computeIfAbsent(admitted(needs), nodes -> new Admission(nodes, null)),
        false);
  }

  private static long[] amounts(Amounts request) {
    long[] amounts = new long[request.dimensions()];
    for (int dimension = 0; dimension < amounts.length; dimension++) {
      amounts[dimension] = request.of(dimension);
    }
    return amounts;
  }

  private BitSet admitted(Needs needs) {
    var admitted = new BitSet(hosts.size());
    if (needs.gpuModels().isEmpty()) {
      admitted.set(0, hosts.size());
    }
    needs.gpuModels().forEach(model -> admitted.or(models.getOrDefault(model, NONE)));
    for (Task.Rule.Attribute asked : needs.attributes()) {
      admitted.and(having.getOrDefault(asked, NONE));
    }
    dedicated.forEach(
        (name, set) -> {
          if (!asksFor(needs, name)) {
            admitted.andNot(set);
          }
        });
    return admitted;
  }

  private static boolean asksFor(Needs needs, String name) {
    for (Task.Rule.Attribute asked : needs.attributes()) {
      if (asked.name().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
