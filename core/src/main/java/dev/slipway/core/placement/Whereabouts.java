package dev.slipway.core.placement;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where the instances of all apps stand, and how far that is from what their rules ask. Follows
/// moves that are tried out, and going back from them. For one thread.
///
/// Evenness counts the values of all nodes that are ready and that the app's other constraints
/// let in, whether they have room or not, so that a move elsewhere changes nothing about it.
public final class Whereabouts {
  /// The oldest comes first, as in placing.
  private record Age(Instance instance) implements Comparable<Age> {
    @Override
    public int compareTo(Age other) {
      int byTime = instance.scheduledAt().compareTo(other.instance.scheduledAt());
      return byTime == 0 ? instance.id().compareTo(other.instance.id()) : byTime;
    }
  }

  private static final class Standing {
    private final List<Ask> asks;
    private final boolean agesMatter;
    private final Map<NodeId, Integer> byNode = new HashMap<>();
    private final Map<Field, Map<String, Integer>> byValue = new HashMap<>();
    private final TreeMap<Age, Node> byAge = new TreeMap<>();
    private final IdentityHashMap<Ask, Set<String>> values = new IdentityHashMap<>();
    private final IdentityHashMap<Ask, Map<NodeId, Boolean>> wrong = new IdentityHashMap<>();
    private int all;
    private @Nullable Strain strain;

    Standing(List<Ask> asks) {
      this.asks = asks;
      this.agesMatter = asks.stream().anyMatch(ask -> ask.kind() == Ask.Kind.TOGETHER);
    }
  }

  private final Nodes nodes;
  private final Map<PathId, Standing> apps = new HashMap<>();
  private final Map<PathId, List<PathId>> namedBy = new HashMap<>();

  private Whereabouts(Nodes nodes) {
    this.nodes = nodes;
  }

  /// @param instances of each app; those that stand nowhere or have ended are passed over
  public static Whereabouts of(Nodes nodes, Iterable<AppSpec> specs, Placer.Instances instances) {
    var whereabouts = new Whereabouts(nodes);
    for (AppSpec spec : specs) {
      var standing = new Standing(Ask.of(spec, nodes.byId().size()));
      whereabouts.apps.put(spec.id(), standing);
      for (Ask ask : standing.asks) {
        ask.other()
            .ifPresent(
                other ->
                    whereabouts
                        .namedBy
                        .computeIfAbsent(other, id -> new ArrayList<>())
                        .add(spec.id()));
      }
      instances.of(spec.id()).forEach(whereabouts::arrive);
    }
    return whereabouts;
  }

  public void arrive(Instance instance) {
    count(instance, 1);
  }

  public void leave(Instance instance) {
    count(instance, -1);
  }

  private void count(Instance instance, int by) {
    Standing standing = apps.get(instance.app());
    Node node = instance.place().flatMap(place -> node(place.node())).orElse(null);
    if (standing == null || node == null || instance.condition().isTerminal()) {
      return;
    }
    standing.strain = null;
    namedBy.getOrDefault(instance.app(), List.of()).forEach(this::forget);
    standing.all += by;
    merge(standing.byNode, node.id(), by);
    for (var counted : standing.byValue.entrySet()) {
      counted.getKey().of(node).ifPresent(value -> merge(counted.getValue(), value, by));
    }
    if (!standing.agesMatter) {
      return;
    }
    if (by > 0) {
      standing.byAge.put(new Age(instance), node);
    } else {
      standing.byAge.remove(new Age(instance));
    }
  }

  private void forget(PathId app) {
    Standing standing = apps.get(app);
    if (standing != null) {
      standing.strain = null;
    }
  }

  private static <K> void merge(Map<K, Integer> counts, K key, int by) {
    counts.merge(
        key, by, (known, more) -> known + more == 0 ? null : Integer.valueOf(known + more));
  }

  private Optional<Node> node(NodeId id) {
    return Optional.ofNullable(nodes.byId().get(id)).map(NodeRecord::node);
  }

  /// How many of the app's instances stand there.
  public int on(NodeId id, PathId app) {
    Standing standing = apps.get(app);
    return standing == null ? 0 : standing.byNode.getOrDefault(id, 0);
  }

  /// What is wrong about the app's own instances.
  public Strain strain(PathId app) {
    Standing standing = apps.get(app);
    if (standing == null) {
      return Strain.NONE;
    }
    Strain known = standing.strain;
    if (known == null) {
      known = Strain.NONE;
      for (Ask ask : standing.asks) {
        known = known.plus(ask.strain(times(standing, ask)));
      }
      standing.strain = known;
    }
    return known;
  }

  /// The same with that of the apps that want to be with this one, or apart from it.
  public Strain around(PathId app) {
    Strain sum = strain(app);
    for (PathId other : namedBy.getOrDefault(app, List.of())) {
      sum = sum.plus(strain(other));
    }
    return sum;
  }

  /// The names of the rules that instances of the app break, with how many times each.
  public Map<String, Integer> broken(PathId app) {
    Map<String, Integer> broken = new TreeMap<>();
    Standing standing = apps.get(app);
    if (standing != null) {
      for (Ask ask : standing.asks) {
        int times = times(standing, ask);
        if (times > 0) {
          broken.merge(ask.name(), times, Integer::sum);
        }
      }
    }
    return broken;
  }

  private int times(Standing standing, Ask ask) {
    if (ask.kind() == Ask.Kind.ALONE) {
      return alone(standing, ask);
    }
    Map<String, Integer> counts = byValue(standing, ask.field());
    int times = absent(standing, counts);
    return switch (ask.kind()) {
      case ALONE -> times;
      case AT_MOST -> times + above(counts, ask.number());
      case EVEN -> times + above(counts, least(standing, ask, counts) + ask.number());
      case TOGETHER -> times + away(standing, ask, counts);
      case WITH -> times + beside(ask, counts, false);
      case APART -> times + beside(ask, counts, true);
    };
  }

  private int alone(Standing standing, Ask ask) {
    Rule rule = ask.rule().orElseThrow();
    Map<NodeId, Boolean> known = standing.wrong.computeIfAbsent(ask, any -> new HashMap<>());
    int times = 0;
    for (var here : standing.byNode.entrySet()) {
      boolean wrong =
          known.computeIfAbsent(here.getKey(), id -> node(id).flatMap(rule::objection).isPresent());
      times += wrong ? here.getValue() : 0;
    }
    return times;
  }

  /// Those on nodes that do not have the attribute at all.
  private static int absent(Standing standing, Map<String, Integer> counts) {
    int there = counts.values().stream().mapToInt(Integer::intValue).sum();
    return standing.all - there;
  }

  private static int above(Map<String, Integer> counts, int limit) {
    int times = 0;
    for (int count : counts.values()) {
      times += Math.max(0, count - limit);
    }
    return times;
  }

  private int least(Standing standing, Ask ask, Map<String, Integer> counts) {
    int least = Integer.MAX_VALUE / 2;
    for (String value : standing.values.computeIfAbsent(ask, any -> values(standing, ask))) {
      least = Math.min(least, counts.getOrDefault(value, 0));
    }
    return least;
  }

  private Set<String> values(Standing standing, Ask ask) {
    Set<String> values = new TreeSet<>();
    for (NodeRecord record : nodes.byId().values()) {
      boolean lets =
          record.state() == NodeRecord.State.READY
              && standing.asks.stream()
                  .filter(one -> one.weight() == 0)
                  .flatMap(one -> one.rule().stream())
                  .allMatch(rule -> rule.objection(record.node()).isEmpty());
      if (lets) {
        ask.field().of(record.node()).ifPresent(values::add);
      }
    }
    return values;
  }

  private static int away(Standing standing, Ask ask, Map<String, Integer> counts) {
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    for (Node node : standing.byAge.values()) {
      Optional<String> value = ask.field().of(node);
      if (value.isPresent()) {
        return all - counts.getOrDefault(value.get(), 0);
      }
    }
    return 0;
  }

  /// Those that stand where the other app does, or where it does not although it is somewhere.
  private int beside(Ask ask, Map<String, Integer> counts, boolean there) {
    Standing other = apps.get(ask.other().orElseThrow());
    Map<String, Integer> others = other == null ? Map.of() : byValue(other, ask.field());
    int times = 0;
    for (var here : counts.entrySet()) {
      boolean beside = others.containsKey(here.getKey());
      times += beside == there && !others.isEmpty() ? here.getValue() : 0;
    }
    return times;
  }

  private Map<String, Integer> byValue(Standing standing, Field field) {
    return standing.byValue.computeIfAbsent(
        field,
        any -> {
          Map<String, Integer> counts = new HashMap<>();
          standing.byNode.forEach(
              (id, count) ->
                  node(id)
                      .flatMap(field::of)
                      .ifPresent(value -> counts.merge(value, count, Integer::sum)));
          return counts;
        });
  }
}
