package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Volume;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.Event;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The making and the deletion of persistent volumes. Only who asks for it has one deleted: by its
/// name, by ending its instance with `wipe`, or by removing an app that says so.
final class VolumeCommands {
  /// A label of an app that says what becomes of its volumes when it is removed: `retain`, as
  /// without it, or `delete`, as Marathon does.
  private static final String LABEL = "SLIPWAY_VOLUMES";

  private static final String DELETE = "delete";

  private VolumeCommands() {}

  static Reply delete(Draft draft, Input.DeleteVolume wish) {
    PersistentVolume volume = draft.state().volume(wish.volume()).orElse(null);
    if (volume == null) {
      return new Reply.NotFound("Volume '" + wish.volume() + "' does not exist");
    }
    if (volume.instance().isPresent() && !volume.deleting()) {
      return new Reply.Conflict(
          "Volume '%s' belongs to the instance %s; end that with wipe=true, or scale %s down first"
              .formatted(volume.id(), volume.instance().get(), volume.app()));
    }
    if (draft.state().node(volume.node()).isEmpty()) {
      // Nobody is left who could destroy it.
      draft.record(new Event.VolumeDeleted(volume.app(), volume.id(), draft.now()));
      return Decider.done();
    }
    condemn(draft, volume);
    return Decider.done();
  }

  static Reply destroyed(Draft draft, Input.VolumeDestroyed sight) {
    draft
        .state()
        .nodes()
        .volume(sight.app(), sight.volume())
        .filter(PersistentVolume::isCondemned)
        .ifPresent(
            volume ->
                draft.record(new Event.VolumeDeleted(volume.app(), volume.id(), draft.now())));
    return Decider.done();
  }

  /// Has the volumes of an instance deleted once it is over.
  static void wipe(Draft draft, Instance instance) {
    for (VolumeId id : instance.place().map(Instance.Place::volumes).orElse(List.of())) {
      draft.state().nodes().volume(instance.app(), id).ifPresent(volume -> condemn(draft, volume));
    }
  }

  static void appRemoved(Draft draft, App app) {
    if (DELETE.equals(app.spec().labels().get(LABEL))) {
      draft.state().nodes().volumesOf(app.id()).values().forEach(volume -> condemn(draft, volume));
    }
  }

  private static void condemn(Draft draft, PersistentVolume volume) {
    if (!volume.deleting()) {
      draft.record(new Event.VolumeDeletionOrdered(volume.app(), volume.id(), draft.now()));
    }
  }

  /// The place with the volumes that the instance takes up there, or with new ones.
  static Instance.Place withVolumes(
      Draft draft, AppSpec app, Instance instance, Instance.Place place, Residence residence) {
    if (!app.isResident()) {
      return place;
    }
    List<VolumeId> volumes = residence.take(place.node());
    if (!volumes.isEmpty()) {
      return place.with(volumes);
    }
    List<VolumeId> made = new ArrayList<>();
    for (Volume.Persistent wanted : app.persistentVolumes()) {
      VolumeId id =
          VolumeId.of(app.id(), wanted.containerPath(), draft.state().platform().identity(0));
      draft.record(
          new Event.VolumeCreated(
              new PersistentVolume(
                  id,
                  app.id(),
                  instance.id(),
                  wanted.containerPath(),
                  place.node(),
                  Residence.bytes(wanted),
                  Optional.empty(),
                  false,
                  draft.now(),
                  draft.now()),
              draft.now()));
      made.add(id);
    }
    return place.with(made);
  }
}
