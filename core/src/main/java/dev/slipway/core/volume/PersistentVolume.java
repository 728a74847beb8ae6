package dev.slipway.core.volume;

import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import java.time.Instant;
import java.util.Optional;

/// A directory of a node that outlives the tasks that use it. It is an object of its own: whatever
/// becomes of its instance, its app or its node, it stays until somebody asks to have it deleted.
///
/// @param origin the instance it was made for; volumes of one origin hold one set of data and stay
///     together
/// @param sizeBytes what it takes of the node's disk
/// @param instance the one that it is attached to, if there is one
/// @param deleting whether it is to be deleted, once nothing is attached to it
/// @param since when it was attached, detached or condemned last
public record PersistentVolume(
    VolumeId id,
    PathId app,
    InstanceId origin,
    String containerPath,
    NodeId node,
    long sizeBytes,
    Optional<InstanceId> instance,
    boolean deleting,
    Instant createdAt,
    Instant since) {

  public enum State {
    /// It belongs to an instance that is not over.
    ATTACHED,
    /// It waits for an instance of its app, or to be deleted.
    DETACHED,
    /// It is to be deleted; its engine has the order once its instance is over.
    DELETING
  }

  public State state() {
    if (deleting) {
      return State.DELETING;
    }
    return instance.isPresent() ? State.ATTACHED : State.DETACHED;
  }

  /// Whether its engine is to destroy it now.
  public boolean isCondemned() {
    return deleting && instance.isEmpty();
  }

  public PersistentVolume attached(InstanceId to, Instant at) {
    return with(Optional.of(to), deleting, at);
  }

  public PersistentVolume detached(Instant at) {
    return with(Optional.empty(), deleting, at);
  }

  public PersistentVolume condemned(Instant at) {
    return with(instance, true, at);
  }

  private PersistentVolume with(Optional<InstanceId> owner, boolean ending, Instant at) {
    return new PersistentVolume(
        id, app, origin, containerPath, node, sizeBytes, owner, ending, createdAt, at);
  }
}
