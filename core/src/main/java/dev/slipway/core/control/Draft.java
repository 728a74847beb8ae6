package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.InstanceId;
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
  private final Marks marks = new Marks(this);
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
    if (event instanceof Event.PlacementPolicySet) {
      headroom = null;
    }
    marks.follow(event, before);
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

  void markApp(PathId app) {
    marks.markApp(app);
  }

  void markAll() {
    marks.markAll();
  }

  /// Looks at what is to be moved once all else is settled.
  void markMoves() {
    marks.markMoves();
  }

  /// Looks whether too many nodes are silent to believe it, before anything else.
  void markSilence() {
    marks.markSilence();
  }

  /// Whether moves are to be looked at; they are not any more then.
  boolean takeMoves() {
    return marks.takeMoves();
  }

  /// Whether the app is looked at because its time has come, and for the first time in this
  /// decision.
  boolean takeDue(PathId app) {
    return due.remove(app);
  }

  /// Looks at all that is marked, apps before deployments, until nothing is; then what waited for
  /// deployments to end begins, and last come moves. Only a deployment that was just started goes
  /// first, so that nothing is done for a formation that it changes at once.
  void settle() {
    if (marks.takeSilence()) {
      EvictionPause.review(this);
    }
    do {
      settleMarked();
    } while (Backlog.startNext(this) || RebalancePass.run(this));
  }

  private void settleMarked() {
    while (true) {
      DeploymentId started = marks.takeBegun();
      if (started != null) {
        begin(started);
        continue;
      }
      PathId app = marks.takeApp();
      if (app != null) {
        precedence.lookedAt(app);
        AppPass.run(this, app);
        continue;
      }
      PathId told = marks.takeGlance();
      if (told != null) {
        AppPass.glance(this, told);
        continue;
      }
      var deployment = marks.takeDeployment();
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

  int priority(PathId app) {
    return state.formation(app).map(held -> held.app().spec().scheduling().priority()).orElse(0);
  }
}
