package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Headroom;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A decision in the making. Each recorded event is applied at once, so that the next step of
/// deciding sees it, and marks what has to be looked at because of it. Lives within one call of
/// {@link Decider#decide}.
final class Draft {
  private final Instant now;
  private final Memory memory;
  private State state;
  private final List<Event> events = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final Map<PathId, Optional<Instant>> wakeUps = new TreeMap<>();
  private final Agenda dirtyApps = new Agenda();
  /// With the apps because of which they are looked at; none where all of theirs are.
  private final NavigableMap<DeploymentId, SortedSet<PathId>> dirtyDeployments = new TreeMap<>();
  private final Agenda glances = new Agenda();
  private final NavigableSet<DeploymentId> begun = new TreeSet<>();
  private final SortedSet<PathId> due = new TreeSet<>();
  private final SortedSet<PathId> roomless = new TreeSet<>();
  private final Set<InstanceId> renounced = new HashSet<>();
  private final Precedence precedence = new Precedence(this);
  private int slots = Limits.ORDERS_AT_ONCE;
  private int launches = Limits.ORDERS_AT_ONCE;
  private int kills = Limits.ORDERS_AT_ONCE;
  private long effort;
  private boolean full;
  private @Nullable Headroom headroom;
  private boolean moves;

  Draft(State state, Instant now, Memory memory) {
    this.state = state;
    this.now = now;
    this.memory = memory;
  }

  State state() {
    return state;
  }

  Instant now() {
    return now;
  }

  Memory memory() {
    return memory;
  }

  /// The place for an instance, as things stand now.
  Outcome place(Request request, InstanceId instance) {
    var room = KeptRoom.of(state, request.scheduling().priority(), Optional.of(instance));
    Outcome outcome = place(request, room);
    effort += memory.placer().takeEffort();
    return outcome;
  }

  private Outcome place(Request request, KeptRoom room) {
    Placer placer = memory.placer();
    if (!Prospects.isKeptOff(state, request)) {
      return placer.place(room.nodes(), state.root().apps(), room::instancesOf, request);
    }
    Headroom known =
        headroom == null
            ? new Headroom(state.placementPolicy().headroom(), state.root().apps(), placer.trial())
            : headroom;
    headroom = known;
    return known.place(room.nodes(), room::instancesOf, request, placer);
  }

  /// Counts a search that may have looked at all nodes, whether it was known to be in vain or not:
  /// what is decided does not depend on what is remembered.
  void countSearch(Request request) {
    effort +=
        request.bound().map(where -> where.nodes().size()).orElse(state.nodes().byId().size());
  }

  void record(Event event) {
    State before = state;
    state = Evolution.apply(state, event);
    events.add(event);
    state.rosters().changesSince(before.rosters(), (app, was, is) -> mark(app));
    if (state.nominations().byInstance().size() < before.nominations().byInstance().size()) {
      // The room is free for others, or the one that it was kept for looks anew.
      markWaiting();
    }
    switch (event) {
      case Event.PlatformCreated created -> {}
      case Event.LeadershipTaken taken -> {}
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
        if (before.node(seen.node().id()).filter(Draft::isOffered).isPresent()) {
          markBeside(seen.node().id());
        } else {
          markOn(seen.node().id());
        }
        markWaiting();
      }
      // Nobody waits any more for what is being ended there.
      case Event.NodeSilent silent -> markOn(silent.node());
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
        headroom = null;
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
      case Event.NodeForgotten forgotten -> {}
    }
  }

  /// How many events were recorded so far.
  int recorded() {
    return events.size();
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  void effectOnce(Effect effect) {
    if (!effects.contains(effect)) {
      effects.add(effect);
    }
  }

  /// Whether one more instance may be scheduled in this decision.
  boolean takeSlot() {
    full |= slots == 0;
    return slots-- > 0;
  }

  /// Whether one more instance may be placed in this decision.
  boolean takeLaunch() {
    boolean spent = launches == 0 || effort >= Limits.LOOKS_AT_ONCE;
    full |= spent;
    launches -= spent ? 0 : 1;
    return !spent;
  }

  /// Whether so many instances may be placed in this decision; at most {@link
  /// Limits#ORDERS_AT_ONCE}, so that they may be in the next one.
  boolean takeLaunches(int count) {
    boolean spent = launches < count || effort >= Limits.LOOKS_AT_ONCE;
    full |= spent;
    launches -= spent ? 0 : count;
    return !spent;
  }

  void giveBack(int count) {
    launches += count;
  }

  /// A draft in which something is tried out, from how things stand now. Nothing of it counts until
  /// it is adopted; only what it costs does.
  Draft fork() {
    return new Draft(state, now, memory);
  }

  /// Takes over what was recorded in a fork, which was made from how things still stand.
  void adopt(Draft fork) {
    fork.events.forEach(this::record);
    effects.addAll(fork.effects);
  }

  /// Counts what a fork cost, whatever becomes of it.
  void pay(Draft fork) {
    effort += fork.effort;
  }

  /// Whether one more instance may be ended in this decision.
  boolean takeKill() {
    full |= kills == 0;
    return kills-- > 0;
  }

  /// Whether so many more instances may be ended in this decision; none is otherwise.
  boolean takeKills(int count) {
    full |= kills < count;
    if (kills < count) {
      return false;
    }
    kills -= count;
    return true;
  }

  /// Whether the room that is kept for an instance may be given up: once in a decision.
  boolean takeRenouncement(InstanceId instance) {
    return renounced.add(instance);
  }

  /// Whether others that wait are looked at before an app is placed, since they have a higher
  /// priority; then it is looked at again after them.
  boolean letsOthersGoFirst(PathId app, int priority) {
    return precedence.letsOthersGoFirst(app, priority);
  }

  /// Whether as much was decided as one decision may hold; the rest is left for the next one.
  boolean isFull() {
    return full;
  }

  /// Notes that no node has room for an instance of the app, and looks at the app once more where
  /// that makes a difference.
  void noteRoomless(PathId app, boolean again) {
    if (roomless.add(app) && again) {
      markApp(app);
    }
  }

  boolean isRoomless(PathId app) {
    return roomless.contains(app);
  }

  /// Asks to look at the app again at `at`; none asks for nothing.
  void wakeUp(PathId app, Optional<Instant> at) {
    wakeUps.put(app, at);
  }

  void markDue(PathId app) {
    due.add(app);
    markApp(app);
  }

  /// Whether the app is looked at because its time has come, and for the first time in this
  /// decision.
  boolean takeDue(PathId app) {
    return due.remove(app);
  }

  void markApp(PathId app) {
    dirtyApps.add(app, priority(app));
    markDeployment(app);
  }

  /// Looks at what is to be moved once all else is settled.
  void markMoves() {
    moves = true;
  }

  /// A deployment's apps are not moved, also those that it comes to later.
  private void markMoving(Deployment deployment) {
    for (PathId app : state.rebalancing().moving().keys()) {
      if (deployment.apps().containsKey(app)) {
        markApp(app);
      }
    }
  }

  /// Whether moves are to be looked at; they are not any more then.
  boolean takeMoves() {
    boolean marked = moves;
    moves = false;
    return marked;
  }

  void markAll() {
    markMoves();
    state.formations().keys().forEach(this::markApp);
    state.instances().keys().forEach(this::markApp);
    state.nodes().volumes().keys().forEach(this::markApp);
    state
        .deployments()
        .keys()
        .forEach(id -> dirtyDeployments.computeIfAbsent(id, any -> new TreeSet<>()));
  }

  /// Looks at all that is marked, apps before deployments, until nothing is; then what waited for
  /// deployments to end begins, and last come moves. Only a deployment that was just started goes
  /// first, so that nothing is done for a formation that it changes at once.
  void settle() {
    do {
      settleMarked();
    } while (Backlog.startNext(this) || RebalancePass.run(this));
  }

  private void settleMarked() {
    while (true) {
      DeploymentId started = begun.pollFirst();
      if (started != null) {
        begin(started);
        continue;
      }
      PathId app = dirtyApps.highest() >= glances.highest() ? dirtyApps.pollFirst() : null;
      if (app != null) {
        glances.remove(app);
        precedence.lookedAt(app);
        AppPass.run(this, app);
        continue;
      }
      PathId told = glances.pollFirst();
      if (told != null) {
        AppPass.glance(this, told);
        continue;
      }
      var deployment = dirtyDeployments.pollFirstEntry();
      if (deployment == null) {
        return;
      }
      DeploymentPass.run(this, deployment.getKey(), deployment.getValue());
    }
  }

  private void begin(DeploymentId deployment) {
    int before;
    do {
      before = step(deployment);
      DeploymentPass.run(this, deployment, new TreeSet<>());
    } while (step(deployment) > before);
  }

  /// The step that a deployment is at; none when it is over.
  private int step(DeploymentId id) {
    return state.deployment(id).map(Deployment::currentStep).orElse(-1);
  }

  Decision decision(Reply reply) {
    return new Decision(
        state, List.copyOf(events), List.copyOf(effects), reply, Map.copyOf(wakeUps));
  }

  private void markInstance(InstanceId instance) {
    mark(instance.app());
  }

  /// Has an app looked at; a daemon by a glance first, since its roster tells what is to be done.
  private void mark(PathId app) {
    if (state.rosters().containsKey(app)) {
      glances.add(app, priority(app));
      markDeployment(app);
    } else {
      markApp(app);
    }
  }

  private void glanceAt(InstanceId instance) {
    glances.add(instance.app(), priority(instance.app()));
    markDeployment(instance.app());
  }

  int priority(PathId app) {
    return state.formation(app).map(held -> held.app().spec().scheduling().priority()).orElse(0);
  }

  /// Those that room is kept for on a node, where somebody else may have taken it.
  private void markNominated(NodeId node) {
    for (var one : state.nominations().byInstance()) {
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
    state.node(id).ifPresent(node -> node.instances().values().forEach(this::mark));
  }

  /// All that has something on a node.
  private void markOn(NodeId id) {
    state.node(id).ifPresent(node -> node.instances().values().forEach(this::markApp));
    state
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
    if (state.rosters().isEmpty()) {
      return;
    }
    state
        .node(id)
        .ifPresent(
            node ->
                node.instances()
                    .values()
                    .forEach(
                        app -> {
                          if (state.rosters().containsKey(app)) {
                            glances.add(app, priority(app));
                          }
                        }));
  }

  private void markStep(DeploymentId deployment) {
    dirtyDeployments.computeIfAbsent(deployment, id -> new TreeSet<>());
    state.deployment(deployment).stream()
        .flatMap(known -> known.currentActions().stream())
        .map(Action::app)
        .forEach(this::markApp);
  }

  /// Marks the deployment that holds an app, and those that wait for the app to be ready.
  private void markDeployment(PathId app) {
    var waiting = state.plans().awaited().get(app);
    if (waiting != null) {
      waiting.forEach(id -> markDeployment(id, app));
    }
    DeploymentId holder = state.locks().get(app);
    if (holder != null) {
      markDeployment(holder, app);
    }
  }

  private void markDeployment(DeploymentId deployment, PathId app) {
    dirtyDeployments.computeIfAbsent(deployment, id -> new TreeSet<>()).add(app);
  }

  private void markWaiting() {
    state.waiting().keys().forEach(this::markApp);
  }
}
