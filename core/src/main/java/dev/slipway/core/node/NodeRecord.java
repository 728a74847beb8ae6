package dev.slipway.core.node;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.InstanceId;
import java.time.Instant;

/// A node with what is recorded about it.
///
/// @param silent whether nothing is heard of it
/// @param draining whether it takes no new instances and gives up those it has
/// @param used the requests of the instances placed on it
/// @param instances those instances
/// @param since when it last changed between the states
public record NodeRecord(
    Node node,
    boolean silent,
    boolean draining,
    Resources used,
    PersistentMap<InstanceId, PathId> instances,
    Instant since) {

  /// What a user sees of a node.
  public enum State {
    READY,
    DRAINING,
    UNREACHABLE
  }

  public static NodeRecord of(Node node, Instant at) {
    return new NodeRecord(node, false, false, Resources.NONE, PersistentMap.empty(), at);
  }

  public NodeId id() {
    return node.id();
  }

  public State state() {
    if (silent) {
      return State.UNREACHABLE;
    }
    return draining ? State.DRAINING : State.READY;
  }

  public Resources free() {
    return node.capacity().minus(used);
  }

  public NodeRecord seen(Node now, Instant at) {
    return new NodeRecord(now, false, draining, used, instances, silent ? at : since);
  }

  public NodeRecord silenced(Instant at) {
    return new NodeRecord(node, true, draining, used, instances, at);
  }

  public NodeRecord withDraining(boolean wanted, Instant at) {
    return new NodeRecord(node, silent, wanted, used, instances, at);
  }

  public NodeRecord with(InstanceId instance, PathId app, Resources requested) {
    return new NodeRecord(
        node, silent, draining, used.plus(requested), instances.put(instance, app), since);
  }

  public NodeRecord without(InstanceId instance, Resources requested) {
    return new NodeRecord(
        node, silent, draining, used.minus(requested), instances.remove(instance), since);
  }
}
