package dev.slipway.core.state;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.collection.PersistentMap;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What each event changes. Total and free of side effects: replaying the events gives the same
/// state. An event about something that does not exist changes nothing.
public final class Evolution {
  private Evolution() {}

  public static State apply(State state, Event event) {
    State next = changed(state, event);
    return event instanceof Event.LeadershipTaken
        ? Rosters.madeAnew(next)
        : Rosters.followed(state, next);
  }

  private static State changed(State state, Event event) {
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
      case Event.DeploymentQueued queued -> DeploymentEvolution.queued(state, queued);
      case Event.ActionsHeld held ->
          DeploymentEvolution.course(
              state, held.deployment(), course -> course.withHeld(held.apps()));
      case Event.ActionReleased released -> DeploymentEvolution.released(state, released);
      case Event.DeploymentProgressed moved ->
          DeploymentEvolution.course(
              state, moved.deployment(), course -> course.withMark(moved.app(), moved.mark()));
      case Event.DeploymentFailed failed ->
          DeploymentEvolution.course(
              state, failed.deployment(), course -> course.failed(failed.failure()));
      case Event.DeploymentResumed resumed -> DeploymentEvolution.resumed(state, resumed);
      case Event.InstanceScheduled scheduled -> InstanceEvolution.scheduled(state, scheduled);
      case Event.InstancePlaced placed -> InstanceEvolution.placed(state, placed);
      case Event.InstanceProgressed progressed -> InstanceEvolution.progressed(state, progressed);
      case Event.InstanceAddressesChanged changed -> InstanceEvolution.addressed(state, changed);
      case Event.InstanceHealthChanged changed -> InstanceEvolution.healthChanged(state, changed);
      case Event.InstanceBecameReady ready -> InstanceEvolution.becameReady(state, ready);
      case Event.KillOrdered ordered -> InstanceEvolution.killOrdered(state, ordered);
      case Event.RoomNominated nominated -> InstanceEvolution.nominated(state, nominated);
      case Event.NominationEnded over -> state.with(state.nominations().without(over.instance()));
      case Event.InstanceEnded ended -> InstanceEvolution.ended(state, ended);
      case Event.BackoffSet set ->
          state.withBackoffs(state.backoffs().put(set.app(), set.backoff()));
      case Event.BackoffCleared cleared ->
          state.withBackoffs(state.backoffs().remove(cleared.app()));
      case Event.NodeSeen seen -> NodeEvolution.seen(state, seen);
      case Event.NodeSilent silent -> NodeEvolution.silent(state, silent);
      case Event.NodeDraining draining -> NodeEvolution.draining(state, draining);
      case Event.NodePressureChanged changed -> NodeEvolution.pressed(state, changed);
      case Event.NodeWithdrawn withdrawn -> NodeEvolution.withdrawn(state, withdrawn);
      case Event.VolumeCreated created -> VolumeEvolution.created(state, created);
      case Event.VolumeDeletionOrdered ordered -> VolumeEvolution.condemned(state, ordered);
      case Event.VolumeDeleted deleted -> VolumeEvolution.deleted(state, deleted);
      case Event.PlacementPolicySet set -> NodeEvolution.policySet(state, set);
      case Event.RebalancingPlanned planned ->
          state.with(
              state
                  .rebalancing()
                  .planned(planned.automatic(), planned.summary(), planned.moves(), planned.at()));
      case Event.InstanceMoveOrdered ordered ->
          state.with(state.rebalancing().ordered(ordered.instance(), ordered.at()));
      case Event.InstanceMoveBegun begun ->
          state.with(state.rebalancing().begun(begun.instance(), begun.replacement()));
      case Event.InstanceMoveEnded ended ->
          state.with(
              state
                  .rebalancing()
                  .ended(ended.instance(), ended.done(), ended.reason(), ended.at()));
      case Event.RebalancingStopped stopped -> state.with(state.rebalancing().stopped());
      case Event.RebalancingEnded ended ->
          state.with(state.rebalancing().over(ended.reason(), ended.at()));
      case Event.EvictionsPaused paused ->
          state.with(
              state
                  .evictions()
                  .paused(
                      new Evictions.Pause(
                          paused.at(), paused.silent(), paused.nodes(), paused.at())));
      case Event.EvictionsResumed resumed -> state.with(state.evictions().resumed(resumed.at()));
      case Event.NodeForgotten forgotten ->
          state
              .with(state.nodes().without(forgotten.node()))
              .with(state.evictions().heard(forgotten.node(), forgotten.at()))
              .with(state.nominations().without(forgotten.node()));
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
    var history = state.plans().history().plus(undo(state.root(), changed));
    for (App app : changed.apps()) {
      apps = apps.put(app.id(), app);
      versions = versions.put(app.id(), withVersion(state, versions, history, app));
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
    return forgetting(
        state
            .with(new Root(apps, groups, changed.version()), versions)
            .with(state.plans().with(history)),
        state.plans().history());
  }

  private static RootHistory.Version undo(Root root, Event.RootChanged changed) {
    SortedMap<PathId, Instant> apps = new TreeMap<>();
    SortedSet<PathId> newApps = new TreeSet<>();
    SortedMap<PathId, GroupSpec> groups = new TreeMap<>();
    SortedSet<PathId> newGroups = new TreeSet<>();
    Stream.concat(changed.apps().stream().map(App::id), changed.removedApps().stream())
        .forEach(
            id ->
                Optional.ofNullable(root.apps().get(id))
                    .ifPresentOrElse(
                        before -> apps.put(id, before.version()), () -> newApps.add(id)));
    Stream.concat(changed.groups().stream().map(GroupSpec::id), changed.removedGroups().stream())
        .forEach(
            id ->
                Optional.ofNullable(root.groups().get(id))
                    .ifPresentOrElse(before -> groups.put(id, before), () -> newGroups.add(id)));
    return new RootHistory.Version(changed.version(), apps, newApps, groups, newGroups);
  }

  /// Without the versions of removed apps that only a version of the root had which is not kept any
  /// more.
  private static State forgetting(State state, RootHistory before) {
    if (before.versions().size() < RootHistory.MAX_VERSIONS) {
      return state;
    }
    var versions = state.versions();
    // What the second took back is what only the first had.
    for (PathId id : before.versions().get(1).apps().keySet()) {
      if (isForgotten(state, id)) {
        versions = versions.remove(id);
      }
    }
    return state.with(state.root(), versions);
  }

  static boolean isForgotten(State state, PathId app) {
    // What still runs on a silent node is ended with the grace of its version, should it return.
    return !state.root().apps().containsKey(app)
        && state.formation(app).isEmpty()
        && state.instancesOf(app).isEmpty()
        && state.plans().history().needed(app).isEmpty();
  }

  /// The app's versions with one more; when there are too many, the oldest goes of those that
  /// nothing is launched with and no instance has.
  private static PersistentMap<Instant, App> withVersion(
      State state,
      PersistentMap<PathId, PersistentMap<Instant, App>> versions,
      RootHistory history,
      App app) {
    var kept =
        versions
            .getOrDefault(app.id(), PersistentMap.<Instant, App>empty())
            .put(app.version(), app);
    if (kept.size() <= State.MAX_VERSIONS) {
      return kept;
    }
    Set<Instant> used = history.needed(app.id());
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
    State next = state.withFormations(state.formations().remove(app));
    return next.withBackoffs(next.backoffs().remove(app))
        .withFailures(next.failures().remove(app))
        .withFinished(next.finished().remove(app))
        .with(next.root(), isForgotten(next, app) ? next.versions().remove(app) : next.versions());
  }
}
