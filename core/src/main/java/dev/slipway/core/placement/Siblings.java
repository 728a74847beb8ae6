package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The instances of an app that stand on nodes, those being ended and those unreachable included,
/// the oldest first. Grows while one after another is placed; not for more than one thread.
public final class Siblings {
  private static final Comparator<Standing> OLDEST_FIRST =
      Comparator.comparing((Standing standing) -> standing.instance().scheduledAt())
          .thenComparing(standing -> standing.instance().id());

  private record Standing(Instance instance, Node node) {}

  private final List<Standing> standing = new ArrayList<>();
  private final Map<NodeId, Integer> byNode = new HashMap<>();
  private final Map<String, Integer> byAddress = new HashMap<>();

  private Siblings() {}

  /// Those of `instances` that stand somewhere and have not ended.
  public static Siblings of(Nodes nodes, Collection<Instance> instances) {
    var siblings = new Siblings();
    for (Instance instance : instances) {
      standing(nodes, instance)
          .ifPresent(
              one -> {
                siblings.standing.add(one);
                siblings.count(one);
              });
    }
    siblings.standing.sort(OLDEST_FIRST);
    return siblings;
  }

  /// Takes in an instance that was just placed.
  public void add(Nodes nodes, Instance instance) {
    standing(nodes, instance)
        .ifPresent(
            one -> {
              int found = Collections.binarySearch(standing, one, OLDEST_FIRST);
              standing.add(found < 0 ? -found - 1 : found, one);
              count(one);
            });
  }

  private static Optional<Standing> standing(Nodes nodes, Instance instance) {
    if (instance.condition().isTerminal() || instance.place().isEmpty()) {
      return Optional.empty();
    }
    NodeRecord record = nodes.byId().get(instance.place().get().node());
    return Optional.ofNullable(record).map(known -> new Standing(instance, known.node()));
  }

  private void count(Standing one) {
    byNode.merge(one.node().id(), 1, Integer::sum);
    byAddress.merge(one.node().address(), 1, Integer::sum);
  }

  int onNode(Node node) {
    return byNode.getOrDefault(node.id(), 0);
  }

  int onAddress(Node node) {
    return byAddress.getOrDefault(node.address(), 0);
  }

  /// The instances by the value that their nodes have for `field`, the oldest first; those on
  /// nodes without one are in no group.
  SortedMap<String, List<Instance>> byValue(Field field) {
    SortedMap<String, List<Instance>> groups = new TreeMap<>();
    for (Standing each : standing) {
      field
          .of(each.node())
          .ifPresent(
              value ->
                  groups.computeIfAbsent(value, key -> new ArrayList<>()).add(each.instance()));
    }
    return groups;
  }

  /// The value that the oldest instance's node has for `field`, or nothing where none has one.
  Optional<String> firstValue(Field field) {
    return standing.stream().flatMap(each -> field.of(each.node()).stream()).findFirst();
  }
}
