package dev.slipway.core.state;

import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What the events of volumes change. A volume is attached by the placement of its instance and
/// detached by that instance's end; it takes of its node's disk from its making to its deletion.
final class VolumeEvolution {
  private VolumeEvolution() {}

  static State created(State state, Event.VolumeCreated event) {
    PersistentVolume volume = event.volume();
    if (state.nodes().volume(volume.app(), volume.id()).isPresent()) {
      return state;
    }
    Nodes nodes = state.nodes().with(volume);
    return state
        .with(accounted(nodes, volume.node(), volume.sizeBytes()))
        .with(state.platform().withIdentities(state.platform().identities() + 1));
  }

  static State condemned(State state, Event.VolumeDeletionOrdered event) {
    return state.with(
        changed(
            state.nodes(), event.app(), event.volume(), volume -> volume.condemned(event.at())));
  }

  static State deleted(State state, Event.VolumeDeleted event) {
    return state
        .nodes()
        .volume(event.app(), event.volume())
        .map(
            volume ->
                state.with(
                    accounted(state.nodes().without(volume), volume.node(), -volume.sizeBytes())))
        .orElse(state);
  }

  static Nodes attached(Nodes nodes, Instance instance, Instance.Place place, Instant at) {
    Nodes next = nodes;
    for (VolumeId id : place.volumes()) {
      next = changed(next, instance.app(), id, volume -> volume.attached(instance.id(), at));
    }
    return next;
  }

  static Nodes detached(Nodes nodes, Instance instance, Instant at) {
    Nodes next = nodes;
    for (VolumeId id : instance.place().map(Instance.Place::volumes).orElse(List.of())) {
      boolean own =
          next.volume(instance.app(), id)
              .filter(volume -> volume.instance().equals(Optional.of(instance.id())))
              .isPresent();
      next = own ? changed(next, instance.app(), id, volume -> volume.detached(at)) : next;
    }
    return next;
  }

  /// What the volumes on a node take of its disk, for a node that was not known.
  static long bytesOn(Nodes nodes, NodeId node) {
    long sum = 0;
    for (var ofApp : nodes.volumes().values()) {
      for (PersistentVolume volume : ofApp.values()) {
        sum += volume.node().equals(node) ? volume.sizeBytes() : 0;
      }
    }
    return sum;
  }

  private static Nodes changed(
      Nodes nodes, PathId app, VolumeId id, UnaryOperator<PersistentVolume> change) {
    return nodes.volume(app, id).map(volume -> nodes.with(change.apply(volume))).orElse(nodes);
  }

  private static Nodes accounted(Nodes nodes, NodeId node, long bytes) {
    return Optional.ofNullable(nodes.byId().get(node))
        .map(record -> nodes.with(record.keeping(bytes)))
        .orElse(nodes);
  }
}
