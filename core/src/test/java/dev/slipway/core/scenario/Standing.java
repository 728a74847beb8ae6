package dev.slipway.core.scenario;

import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Where the instances of `/agent` stand.
final class Standing {
  private Standing() {}

  static boolean areApart(Scenario story) {
    Set<NodeId> taken = new HashSet<>();
    return story.instances("/agent").stream()
        .filter(one -> one.place().isPresent() && one.condition() != Condition.KILLING)
        .allMatch(one -> taken.add(one.place().orElseThrow().node()));
  }

  static Set<String> nodes(Scenario story) {
    return nodesOf(story, one -> one.condition() != Condition.KILLING);
  }

  static Set<String> nodesOf(Scenario story, Predicate<Instance> which) {
    Set<String> nodes = new TreeSet<>();
    story.instances("/agent").stream()
        .filter(which)
        .flatMap(one -> one.place().stream())
        .forEach(place -> nodes.add(place.node().value()));
    return nodes;
  }

  static List<Instance> on(Scenario story, NodeId node) {
    return story.instances("/agent").stream()
        .filter(one -> one.place().filter(place -> place.node().equals(node)).isPresent())
        .toList();
  }
}
