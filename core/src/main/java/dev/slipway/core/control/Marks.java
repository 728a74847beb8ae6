package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is to be looked at because of what was decided so far: apps, those of which a glance will
/// do, deployments, and whether anything is to be moved. Level-triggered: a mark says that
/// something may have to be done, never what. Lives within one {@link Draft}.
final class Marks {
  private final Draft draft;
  private final Agenda dirtyApps = new Agenda();
  /// With the apps because of which they are looked at; none where all of theirs are.
  private final NavigableMap<DeploymentId, SortedSet<PathId>> dirtyDeployments = new TreeMap<>();
  private final Agenda glances = new Agenda();
  private final NavigableSet<DeploymentId> begun = new TreeSet<>();
  private boolean moves;
  private boolean silence;

  Marks(Draft draft) {
    this.draft = draft;
  }

  /// Marks what an event that was just applied may matter to.
  void follow(Event event, State before) {
    State state = draft.state();
    state.rosters().changesSince(before.rosters(), (app, was, is) -> mark(app));
    if (state.nominations().byInstance().size() < before.nominations().byInstance().size()) {
      // The room is free for others, or the one that it was kept for looks anew.
      markWaiting();
    }
    switch (event) {
      case Event.PlatformCreated created -> {}
      case Event.LeadershipTaken taken -> markSilence();
      case Event.RootChanged changed -> {
        changed.apps().forEach(app -> markDeployment(app.id()));
        changed.removedApps().forEach(this::markDeployment);
      }
      case Event.AppForgotten forgotten -> markDeployment(forgotten.app());
      case Event.DeploymentQueued queued -> {}
      case Event.DeploymentStarted started -> {
        begun.add(started.deployment().id());
        markMoving(started.deployment());
      }
      case Event.ActionsHeld held -> {}
      case Event.StepStarted started -> markStep(started.deployment());
      case Event.ActionReleased released -> markApp(released.app());
      case Event.DeploymentProgressed moved -> markApp(moved.app());
      case Event.DeploymentFailed failed -> markStep(failed.deployment());
      case Event.DeploymentResumed resumed -> markStep(resumed.deployment());
      case Event.StepCompleted completed -> {}
      case Event.DeploymentEnded ended ->
          state.ended().getLast().deployment().apps().keySet().forEach(this::markApp);
      case Event.InstanceScheduled scheduled -> markInstance(scheduled.instance());
      case Event.InstancePlaced placed -> {
        markInstance(placed.instance());
        markNominated(placed.place().node());
      }
      case Event.RoomNominated nominated -> markNominated(nominated.nomination().place().node());
      case Event.NominationEnded over -> {}
      case Event.InstanceProgressed progressed -> glanceAt(progressed.instance());
      case Event.InstanceAddressesChanged changed -> {}
      case Event.InstanceHealthChanged changed -> glanceAt(changed.instance());
      case Event.InstanceBecameReady ready -> glanceAt(ready.instance());
      case Event.KillOrdered ordered -> markInstance(ordered.instance());
      case Event.InstanceEnded ended -> {
        markInstance(ended.instance());
        markWaiting();
        before
            .instance(ended.instance())
            .flatMap(Instance::place)
            .ifPresent(place -> markDaemonsOn(place.node()));
      }
      case Event.BackoffSet set -> {}
      case Event.BackoffCleared cleared -> markApp(cleared.app());
      case Event.NodeSeen seen -> {
        markSilence();
        if (before.node(seen.node().id()).filter(Marks::isOffered).isPresent()) {
          markBeside(seen.node().id());
        } else {
          markOn(seen.node().id());
        }
        markWaiting();
      }
      // Nobody waits any more for what is being ended there.
      case Event.NodeSilent silent -> {
        markSilence();
        markOn(silent.node());
      }
      case Event.EvictionsPaused paused -> markMoves();
      case Event.EvictionsResumed resumed -> {
        markMoves();
        for (NodeRecord node : state.nodes().byId().values()) {
          if (node.silent()) {
            markOn(node.id());
          }
        }
      }
      case Event.NodeDraining draining -> {
        markOn(draining.node());
        markWaiting();
      }
      // Whoever stands there stays, and none waits for it.
      case Event.NodePressureChanged changed -> {}
      case Event.NodeWithdrawn withdrawn -> markOn(withdrawn.node());
      case Event.VolumeCreated created -> {}
      case Event.VolumeDeletionOrdered ordered -> markApp(ordered.app());
      case Event.VolumeDeleted deleted -> {
        markApp(deleted.app());
        markWaiting();
      }
      case Event.PlacementPolicySet set -> {
        markWaiting();
        markMoves();
      }
      case Event.RebalancingPlanned planned -> markMoves();
      case Event.InstanceMoveOrdered ordered -> markInstance(ordered.instance());
      case Event.InstanceMoveBegun begun -> {}
      case Event.InstanceMoveEnded ended -> {
        markInstance(ended.instance());
        markMoves();
      }
      case Event.RebalancingStopped stopped -> markMoves();
      case Event.RebalancingEnded ended -> markMoves();
      case Event.NodeForgotten forgotten -> markSilence();
    }
  }

  /// The next deployment that was just started, or null.
  @Nullable DeploymentId takeBegun() {
    return begun.pollFirst();
  }

  /// The next app, unless one of a higher priority is to be glanced at first; or null.
  @Nullable PathId takeApp() {
    PathId app = dirtyApps.highest() >= glances.highest() ? dirtyApps.pollFirst() : null;
    if (app != null) {
      glances.remove(app);
    }
    return app;
  }

  /// The next app of which a glance will do, or null.
  @Nullable PathId takeGlance() {
    return glances.pollFirst();
  }

  /// The next deployment, with the apps because of which it is looked at; or null.
  Map.@Nullable Entry<DeploymentId, SortedSet<PathId>> takeDeployment() {
    return dirtyDeployments.pollFirstEntry();
  }

  void markApp(PathId app) {
    dirtyApps.add(app, draft.priority(app));
    markDeployment(app);
  }

  /// Looks at what is to be moved once all else is settled.
  void markMoves() {
    moves = true;
  }

  /// Whether moves are to be looked at; they are not any more then.
  boolean takeMoves() {
    boolean marked = moves;
    moves = false;
    return marked;
  }

  void markSilence() {
    silence = true;
  }

  /// Whether it is to be looked at how many nodes are silent; it is not any more then.
  boolean takeSilence() {
    boolean marked = silence;
    silence = false;
    return marked;
  }

  void markAll() {
    markMoves();
    draft.state().formations().keys().forEach(this::markApp);
    draft.state().instances().keys().forEach(this::markApp);
    draft.state().nodes().volumes().keys().forEach(this::markApp);
    draft
        .state()
        .deployments()
        .keys()
        .forEach(id -> dirtyDeployments.computeIfAbsent(id, any -> new TreeSet<>()));
  }

  /// A deployment's apps are not moved, also those that it comes to later.
  private void markMoving(Deployment deployment) {
    for (PathId app : draft.state().rebalancing().moving().keys()) {
      if (deployment.apps().containsKey(app)) {
        markApp(app);
      }
    }
  }

  private void markInstance(InstanceId instance) {
    mark(instance.app());
  }

  /// Has an app looked at; a daemon by a glance first, since its roster tells what is to be done.
  private void mark(PathId app) {
    if (draft.state().rosters().containsKey(app)) {
      glances.add(app, draft.priority(app));
      markDeployment(app);
    } else {
      markApp(app);
    }
  }

  private void glanceAt(InstanceId instance) {
    glances.add(instance.app(), draft.priority(instance.app()));
    markDeployment(instance.app());
  }

  /// Those that room is kept for on a node, where somebody else may have taken it.
  private void markNominated(NodeId node) {
    for (var one : draft.state().nominations().byInstance()) {
      if (one.getValue().place().node().equals(node)) {
        markInstance(one.getKey());
      }
    }
  }

  private static boolean isOffered(NodeRecord node) {
    return !node.silent() && !node.withdrawn();
  }

  /// All that has something on a node that only is another than before: its tasks and orders are
  /// what they were.
  private void markBeside(NodeId id) {
    draft.state().node(id).ifPresent(node -> node.instances().values().forEach(this::mark));
  }

  /// All that has something on a node.
  private void markOn(NodeId id) {
    draft.state().node(id).ifPresent(node -> node.instances().values().forEach(this::markApp));
    draft
        .state()
        .nodes()
        .volumes()
        .values()
        .forEach(
            ofApp ->
                ofApp
                    .values()
                    .forEach(
                        volume -> {
                          if (volume.node().equals(id)) {
                            markApp(volume.app());
                          }
                        }));
  }

  /// Those that may have waited for room there to be replaced.
  private void markDaemonsOn(NodeId id) {
    if (draft.state().rosters().isEmpty()) {
      return;
    }
    draft
        .state()
        .node(id)
        .ifPresent(
            node ->
                node.instances()
                    .values()
                    .forEach(
                        app -> {
                          if (draft.state().rosters().containsKey(app)) {
                            glances.add(app, draft.priority(app));
                          }
                        }));
  }

  private void markStep(DeploymentId deployment) {
    dirtyDeployments.computeIfAbsent(deployment, id -> new TreeSet<>());
    draft.state().deployment(deployment).stream()
        .flatMap(known -> known.currentActions().stream())
        .map(Action::app)
        .forEach(this::markApp);
  }

  /// Marks the deployment that holds an app, and those that wait for the app to be ready.
  private void markDeployment(PathId app) {
    var waiting = draft.state().plans().awaited().get(app);
    if (waiting != null) {
      waiting.forEach(id -> markDeployment(id, app));
    }
    DeploymentId holder = draft.state().locks().get(app);
    if (holder != null) {
      markDeployment(holder, app);
    }
  }

  private void markDeployment(DeploymentId deployment, PathId app) {
    dirtyDeployments.computeIfAbsent(deployment, id -> new TreeSet<>()).add(app);
  }

  private void markWaiting() {
    draft.state().waiting().keys().forEach(this::markApp);
  }
}
