package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.collection.PersistentMap;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// What each event changes. Total and free of side effects: replaying the events gives the same
/// state. An event about something that does not exist changes nothing.
public final class Evolution {
  private Evolution() {}

  public static State apply(State state, Event event) {
    return switch (event) {
      case Event.PlatformCreated created ->
          state.with(
              new Platform(
                  created.platform(),
                  state.platform().epoch(),
                  state.platform().identities(),
                  state.platform().portCursor()));
      case Event.LeadershipTaken taken ->
          state.with(
              new Platform(
                  state.platform().id(),
                  taken.epoch(),
                  state.platform().identities(),
                  state.platform().portCursor()));
      case Event.RootChanged changed -> rootChanged(state, changed);
      case Event.AppForgotten forgotten -> appForgotten(state, forgotten.app());
      case Event.DeploymentStarted started -> DeploymentEvolution.started(state, started);
      case Event.StepStarted started -> DeploymentEvolution.stepStarted(state, started);
      case Event.StepCompleted completed -> state;
      case Event.DeploymentEnded ended -> DeploymentEvolution.ended(state, ended);
      case Event.InstanceScheduled scheduled -> InstanceEvolution.scheduled(state, scheduled);
      case Event.InstancePlaced placed -> InstanceEvolution.placed(state, placed);
      case Event.InstanceProgressed progressed -> InstanceEvolution.progressed(state, progressed);
      case Event.InstanceHealthChanged changed -> InstanceEvolution.healthChanged(state, changed);
      case Event.KillOrdered ordered -> InstanceEvolution.killOrdered(state, ordered);
      case Event.InstanceEnded ended -> InstanceEvolution.ended(state, ended);
      case Event.BackoffSet set ->
          state.withBackoffs(state.backoffs().put(set.app(), set.backoff()));
      case Event.BackoffCleared cleared ->
          state.withBackoffs(state.backoffs().remove(cleared.app()));
      case Event.NodeSeen seen -> NodeEvolution.seen(state, seen);
      case Event.NodeSilent silent -> NodeEvolution.silent(state, silent);
      case Event.NodeDraining draining -> NodeEvolution.draining(state, draining);
      case Event.NodeWithdrawn withdrawn -> NodeEvolution.withdrawn(state, withdrawn);
      case Event.VolumeCreated created -> VolumeEvolution.created(state, created);
      case Event.VolumeDeletionOrdered ordered -> VolumeEvolution.condemned(state, ordered);
      case Event.VolumeDeleted deleted -> VolumeEvolution.deleted(state, deleted);
      case Event.NodeForgotten forgotten -> state.with(state.nodes().without(forgotten.node()));
    };
  }

  public static State applyAll(State state, Iterable<Event> events) {
    State result = state;
    for (Event event : events) {
      result = apply(result, event);
    }
    return result;
  }

  private static State rootChanged(State state, Event.RootChanged changed) {
    PersistentMap<PathId, App> apps = state.root().apps();
    PersistentMap<PathId, GroupSpec> groups = state.root().groups();
    var versions = state.versions();
    for (App app : changed.apps()) {
      apps = apps.put(app.id(), app);
      versions = versions.put(app.id(), withVersion(state, versions, app));
    }
    for (PathId removed : changed.removedApps()) {
      apps = apps.remove(removed);
    }
    for (GroupSpec group : changed.groups()) {
      groups = groups.put(group.id(), group);
    }
    for (PathId removed : changed.removedGroups()) {
      groups = groups.remove(removed);
    }
    return state.with(new Root(apps, groups, changed.version()), versions);
  }

  /// The app's versions with one more; when there are too many, the oldest goes of those that
  /// nothing is launched with and no instance has.
  private static PersistentMap<Instant, App> withVersion(
      State state, PersistentMap<PathId, PersistentMap<Instant, App>> versions, App app) {
    var kept =
        versions
            .getOrDefault(app.id(), PersistentMap.<Instant, App>empty())
            .put(app.version(), app);
    if (kept.size() <= State.MAX_VERSIONS) {
      return kept;
    }
    Set<Instant> used = new HashSet<>();
    used.add(app.version());
    state.formation(app.id()).ifPresent(formation -> used.add(formation.app().version()));
    state.instancesOf(app.id()).values().forEach(instance -> used.add(instance.version()));
    for (Instant oldest : kept.keys()) {
      if (!used.contains(oldest)) {
        return kept.remove(oldest);
      }
    }
    return kept;
  }

  private static State appForgotten(State state, PathId app) {
    // What still runs on a silent node is ended with the grace of its version, should it return.
    boolean wanted = state.root().apps().containsKey(app) || !state.instancesOf(app).isEmpty();
    State next = state.withFormations(state.formations().remove(app));
    return next.withBackoffs(next.backoffs().remove(app))
        .withFailures(next.failures().remove(app))
        .with(next.root(), wanted ? next.versions() : next.versions().remove(app));
  }
}
