package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The instances of an app that stand on nodes, those being ended and those unreachable included.
/// They are counted, not listed, so that one more costs the same however many there are. Grows
/// while one after another is placed; not for more than one thread.
public final class Siblings {
  private record Standing(Instance instance, Node node) {}

  private final List<Standing> standing = new ArrayList<>();
  private final Map<NodeId, Integer> byNode = new HashMap<>();
  private final Map<String, Integer> byAddress = new HashMap<>();
  private final Map<Field, ValueCounts> byField = new HashMap<>();

  private Siblings() {}

  /// Those of `instances` that stand somewhere and have not ended.
  public static Siblings of(Nodes nodes, Collection<Instance> instances) {
    var siblings = new Siblings();
    instances.forEach(instance -> siblings.add(nodes, instance));
    return siblings;
  }

  /// Takes in an instance that was just placed.
  public void add(Nodes nodes, Instance instance) {
    if (instance.condition().isTerminal() || instance.place().isEmpty()) {
      return;
    }
    NodeRecord record = nodes.byId().get(instance.place().get().node());
    if (record == null) {
      return;
    }
    Node node = record.node();
    standing.add(new Standing(instance, node));
    byNode.merge(node.id(), 1, Integer::sum);
    byAddress.merge(node.address(), 1, Integer::sum);
    byField.forEach(
        (field, counts) -> field.of(node).ifPresent(value -> counts.add(value, instance)));
  }

  int onNode(Node node) {
    return byNode.getOrDefault(node.id(), 0);
  }

  int onAddress(Node node) {
    return byAddress.getOrDefault(node.address(), 0);
  }

  /// The instances by the value that their nodes have for `field`, now and after each that is taken
  /// in; those on nodes without one are not counted.
  ValueCounts byValue(Field field) {
    ValueCounts known = byField.get(field);
    if (known != null) {
      return known;
    }
    var counts = new ValueCounts();
    for (Standing each : standing) {
      field.of(each.node()).ifPresent(value -> counts.add(value, each.instance()));
    }
    byField.put(field, counts);
    return counts;
  }

  /// The value that the oldest instance's node has for `field`, or nothing where none has one.
  Optional<String> firstValue(Field field) {
    return byValue(field).first();
  }
}
