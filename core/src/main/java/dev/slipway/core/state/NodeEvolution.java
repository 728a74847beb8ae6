package dev.slipway.core.state;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;

/// What the events of nodes change.
final class NodeEvolution {
  private NodeEvolution() {}

  static State seen(State state, Event.NodeSeen event) {
    NodeRecord known = state.nodes().byId().get(event.node().id());
    if (known == null) {
      NodeRecord record =
          NodeRecord.of(event.node(), event.at())
              .offering(state.placementPolicy().cpuOvercommitPercent());
      long kept = VolumeEvolution.bytesOn(state.nodes(), record.id());
      return state.with(state.nodes().with(record.keeping(kept)));
    }
    NodeRecord next = known.seen(event.node(), event.at());
    boolean moved = !known.node().address().equals(event.node().address());
    State heard = state.with(state.evictions().heard(event.node().id(), event.at()));
    return left(heard.with(moved ? moved(state, known, next) : state.nodes()), next);
  }

  static State silent(State state, Event.NodeSilent event) {
    NodeRecord node = state.nodes().byId().get(event.node());
    if (node == null) {
      return state;
    }
    // One that is silent still did not fall silent now.
    State told =
        node.silent() ? state : state.with(state.evictions().silent(event.node(), event.at()));
    return left(told, node.silenced(event.at()));
  }

  static State draining(State state, Event.NodeDraining event) {
    return state
        .node(event.node())
        .map(node -> node.withDraining(event.draining(), event.at()))
        .map(node -> left(state, node))
        .orElse(state);
  }

  static State withdrawn(State state, Event.NodeWithdrawn event) {
    return state
        .node(event.node())
        .map(node -> left(state, node.withdrawn(event.at())))
        .orElse(state);
  }

  /// A node that takes no instances keeps no room for any.
  private static State left(State state, NodeRecord node) {
    State next = state.with(state.nodes().with(node));
    return node.state() == NodeRecord.State.READY
        ? next
        : next.with(next.nominations().without(node.id()));
  }

  static State pressed(State state, Event.NodePressureChanged event) {
    return state
        .node(event.node())
        .map(node -> state.with(state.nodes().with(node.under(event.pressure()))))
        .orElse(state);
  }

  /// What nodes offer follows the policy at once.
  static State policySet(State state, Event.PlacementPolicySet event) {
    int percent = event.policy().cpuOvercommitPercent();
    Nodes nodes = state.nodes();
    for (NodeRecord record : state.nodes().byId().values()) {
      nodes = record.cpuPercent() == percent ? nodes : nodes.with(record.offering(percent));
    }
    return state.with(event.policy()).with(nodes);
  }

  /// The ports of a node's instances move with it to its new address.
  private static Nodes moved(State state, NodeRecord from, NodeRecord to) {
    var left = state.nodes().portsOf(from.node());
    var taken = state.nodes().portsOf(to.node());
    for (InstanceId id : from.instances().keys()) {
      Instance.Place place = state.instance(id).flatMap(Instance::place).orElse(null);
      if (place == null) {
        continue;
      }
      for (int port : place.hostPorts()) {
        left = id.equals(left.get(port)) ? left.remove(port) : left;
        taken = taken.put(port, id);
      }
    }
    return state
        .nodes()
        .withPorts(from.node().address(), left)
        .withPorts(to.node().address(), taken);
  }
}
