package dev.slipway.core.node;

import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.InstanceId;

/// All nodes, and the host ports that are taken, by network address: nodes that share an address
/// share its ports.
public record Nodes(
    PersistentMap<NodeId, NodeRecord> byId,
    PersistentMap<String, PersistentMap<Integer, InstanceId>> portsByAddress) {
  public static final Nodes NONE = new Nodes(PersistentMap.empty(), PersistentMap.empty());

  public PersistentMap<Integer, InstanceId> portsOf(Node node) {
    return portsByAddress.getOrDefault(node.address(), PersistentMap.empty());
  }

  /// With these ports taken at the address; an address without any is not kept.
  public Nodes withPorts(String address, PersistentMap<Integer, InstanceId> taken) {
    return new Nodes(
        byId,
        taken.isEmpty() ? portsByAddress.remove(address) : portsByAddress.put(address, taken));
  }

  public Nodes with(NodeRecord record) {
    return new Nodes(byId.put(record.id(), record), portsByAddress);
  }

  public Nodes without(NodeId node) {
    return new Nodes(byId.remove(node), portsByAddress);
  }
}
