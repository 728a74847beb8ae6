package dev.slipway.core.node;

import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.util.Optional;

/// All nodes and what they hold besides instances: the host ports that are taken, by network
/// address, since nodes that share an address share its ports; and the persistent volumes, by the
/// app that they were made for, also those on nodes that are not known any more.
public record Nodes(
    PersistentMap<NodeId, NodeRecord> byId,
    PersistentMap<String, PersistentMap<Integer, InstanceId>> portsByAddress,
    PersistentMap<PathId, PersistentMap<VolumeId, PersistentVolume>> volumes) {
  public static final Nodes NONE = new Nodes(PersistentMap.empty(), PersistentMap.empty());

  /// Nodes without volumes.
  public Nodes(
      PersistentMap<NodeId, NodeRecord> byId,
      PersistentMap<String, PersistentMap<Integer, InstanceId>> portsByAddress) {
    this(byId, portsByAddress, PersistentMap.empty());
  }

  public PersistentMap<Integer, InstanceId> portsOf(Node node) {
    return portsByAddress.getOrDefault(node.address(), PersistentMap.empty());
  }

  public PersistentMap<VolumeId, PersistentVolume> volumesOf(PathId app) {
    return volumes.getOrDefault(app, PersistentMap.<VolumeId, PersistentVolume>empty());
  }

  public Optional<PersistentVolume> volume(PathId app, VolumeId id) {
    return Optional.ofNullable(volumesOf(app).get(id));
  }

  /// Whether nothing is heard of the node; nothing is heard of one that is not known.
  public boolean isSilent(NodeId id) {
    NodeRecord record = byId.get(id);
    return record == null || record.silent();
  }

  /// With these ports taken at the address; an address without any is not kept.
  public Nodes withPorts(String address, PersistentMap<Integer, InstanceId> taken) {
    return new Nodes(
        byId,
        taken.isEmpty() ? portsByAddress.remove(address) : portsByAddress.put(address, taken),
        volumes);
  }

  public Nodes with(NodeRecord record) {
    return new Nodes(byId.put(record.id(), record), portsByAddress, volumes);
  }

  public Nodes without(NodeId node) {
    return new Nodes(byId.remove(node), portsByAddress, volumes);
  }

  /// With an instance on its node, and its ports taken there; nothing changes where the node is not
  /// known.
  public Nodes occupied(InstanceId instance, PathId app, Instance.Place place) {
    NodeRecord node = byId.get(place.node());
    if (node == null) {
      return this;
    }
    PersistentMap<Integer, InstanceId> ports = portsOf(node.node());
    for (int port : place.hostPorts()) {
      ports = ports.put(port, instance);
    }
    return with(node.with(instance, app, place)).withPorts(node.node().address(), ports);
  }

  /// Without an instance that stood there, and those of its ports that are still its own.
  public Nodes vacated(InstanceId instance, Instance.Place place) {
    NodeRecord node = byId.get(place.node());
    if (node == null) {
      return this;
    }
    PersistentMap<Integer, InstanceId> ports = portsOf(node.node());
    for (int port : place.hostPorts()) {
      if (instance.equals(ports.get(port))) {
        ports = ports.remove(port);
      }
    }
    return with(node.without(instance, place)).withPorts(node.node().address(), ports);
  }

  public Nodes with(PersistentVolume volume) {
    var ofApp = volumesOf(volume.app()).put(volume.id(), volume);
    return new Nodes(byId, portsByAddress, volumes.put(volume.app(), ofApp));
  }

  public Nodes without(PersistentVolume volume) {
    var ofApp = volumesOf(volume.app()).remove(volume.id());
    var left = ofApp.isEmpty() ? volumes.remove(volume.app()) : volumes.put(volume.app(), ofApp);
    return new Nodes(byId, portsByAddress, left);
  }
}
