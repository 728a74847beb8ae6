package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Backlog;
import dev.slipway.core.control.Gang;
import dev.slipway.core.control.KeptRoom;
import dev.slipway.core.control.MovePass;
import dev.slipway.core.control.Progress;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.QueuedDeployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Headroom;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.TypicalRequests;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Whether a world that has come to rest is as it should be.
final class Verdict {
  /// What never gets ready is ended again and again, but nothing takes long to end.
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final World world;
  private final State state;

  Verdict(World world) {
    this.world = world;
    this.state = world.state();
  }

  void judge() {
    world.journal().replay();
    Rule.CONVERGES.holds(world.server().isAlive(), "no server leads");
    tasks();
    state
        .formations()
        .keys()
        .forEach(id -> Rule.CONVERGES.holds(isWantedOrEnding(id), "%s is not gone", id));
    state.root().apps().values().forEach(this::judge);
    state.deployments().values().forEach(this::judge);
    state
        .rebalancing()
        .moving()
        .values()
        .forEach(
            move ->
                Rule.MOVES.holds(
                    move.since().plus(MovePass.DEADLINE).isAfter(world.clock()),
                    "%s does not end",
                    move));
    for (QueuedDeployment queued : state.plans().queue()) {
      Rule.ENDS.holds(!Backlog.blockers(state, queued).isEmpty(), "%s waits for nothing", queued);
    }
  }

  /// An app that was removed may still have instances of which nobody knows whether they run.
  private boolean isWantedOrEnding(PathId id) {
    boolean waits = false;
    for (Instance instance : state.instancesOf(id).values()) {
      waits |= isLost(instance);
    }
    return state.app(id).isPresent() || waits || state.locks().containsKey(id);
  }

  private void tasks() {
    Set<TaskId> standing = new TreeSet<>();
    Set<TaskId> lost = new TreeSet<>();
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        if (instance.place().isPresent()) {
          (isLost(instance) ? lost : standing).add(instance.id().task());
        }
      }
    }
    Set<TaskId> alive = new TreeSet<>(world.engine().alive());
    alive.removeAll(lost);
    Rule.ORPHANS.holds(alive.equals(standing), "%s run, %s are recorded", alive, standing);
    for (TaskId task : standing) {
      state
          .instance(task.instance())
          .filter(instance -> instance.condition() == Condition.RUNNING)
          .ifPresent(this::judgeAddresses);
    }
  }

  private void judgeAddresses(Instance instance) {
    TaskId task = instance.id().task();
    for (SimulatedMachine machine : world.engine().machines().values()) {
      machine
          .addresses(task)
          .ifPresent(
              addresses ->
                  Rule.ADDRESSES.holds(
                      addresses.equals(instance.addresses()),
                      "%s is at %s and recorded at %s",
                      task,
                      addresses,
                      instance.addresses()));
    }
  }

  private boolean isLost(Instance instance) {
    return instance
        .place()
        .flatMap(place -> state.node(place.node()))
        .filter(NodeRecord::silent)
        .isPresent();
  }

  /// An app that no deployment holds has what it wants, or each that is missing has a reason.
  private void judge(App app) {
    if (state.locks().containsKey(app.id())) {
      return;
    }
    var formation = state.formation(app.id()).orElseThrow();
    Rule.CONVERGES.holds(formation.app().equals(app), "%s is held to %s", app, formation);
    List<Instance> unready = new ArrayList<>();
    int current = 0;
    boolean leaving = false;
    for (Instance instance : state.instancesOf(app.id()).values()) {
      if (instance.condition() == Condition.KILLING) {
        Rule.CONVERGES.holds(endsNow(instance), "%s does not end", instance);
        // It may be running and holds its slot; a daemon's node is free only when it has ended.
        leaving |= isLost(instance) || formation.isDaemon();
        continue;
      }
      if (instance.condition() == Condition.UNREACHABLE_INACTIVE) {
        continue;
      }
      boolean there =
          instance
              .place()
              .flatMap(place -> state.node(place.node()))
              .filter(NodeRecord::givesUp)
              .isPresent();
      there = there || state.rebalancing().moveOf(instance).isPresent();
      leaving |= there;
      current += there ? 0 : 1;
      if (!instance.isReady(!app.spec().healthChecks().isEmpty())) {
        unready.add(instance);
      }
    }
    int wanted = Invariants.wanted(state, formation);
    Rule.CONVERGES.holds(
        leaving || current == wanted,
        "%s has %s, not %d: %s",
        app.id(),
        Invariants.conditions(state, app.id()),
        wanted,
        formation);
    unready.forEach(instance -> hasReason(app, instance));
  }

  private void hasReason(App app, Instance instance) {
    Script script = Script.of(state.app(app.id(), instance.version()).orElse(app).spec().command());
    // One that a given up deployment left, of a version without health checks, is not asked.
    boolean unasked =
        instance.health().isEmpty() && !instance.generation().equals(app.generation());
    if (!script.isSteady() || isLost(instance) || unasked) {
      return;
    }
    Rule.CONVERGES.holds(
        instance.condition() == Condition.SCHEDULED, "%s of %s", instance, app.id());
    var backoff = state.backoffs().get(app.id());
    if (backoff != null && backoff.until().isAfter(world.clock())) {
      boolean soon = !backoff.until().isAfter(world.clock().plus(app.spec().backoff().limit()));
      Rule.CONVERGES.holds(soon, "%s is delayed for too long: %s", app.id(), backoff);
      return;
    }
    if (state.nominations().of(instance.id()).isPresent()) {
      Rule.CONVERGES.holds(
          !state.nominations().of(instance.id()).get().isOver(world.clock()),
          "room is kept for too long for %s",
          instance);
      return;
    }
    List<Instance> siblings = new ArrayList<>();
    KeptRoom.of(state, app.spec()).instancesOf(app.id()).forEach(siblings::add);
    if (app.spec().scheduling().daemon()) {
      Rule.CONVERGES.holds(
          DaemonChecks.isRoomless(state, app.spec()), "%s waits although there is room", instance);
      return;
    }
    if (app.spec().scheduling().gang() && Gang.isAllOrNone(state, app)) {
      Gang.Trial trial = Gang.attempt(state, app, world.clock());
      Rule.CONVERGES.holds(
          trial.fitting() < trial.waiting(), "%s waits although all fit: %s", app.id(), trial);
      return;
    }
    if (app.spec().isResident()) {
      // It may have to wait for the node that has its volume.
      return;
    }
    var room = KeptRoom.of(state, app.spec());
    Rule.CONVERGES.holds(
        place(room, Request.of(app.spec(), 0), siblings) instanceof Outcome.NotPlaced,
        "%s waits although there is room",
        instance);
  }

  private Outcome place(KeptRoom room, Request request, List<Instance> siblings) {
    Outcome plain =
        Placement.place(room.nodes(), TypicalRequests.of(state.root().apps()), request, siblings);
    var classes = state.placementPolicy().headroom();
    return plain instanceof Outcome.Placed && Headroom.concerns(request) && !classes.isEmpty()
        ? new Headroom(classes, state.root().apps(), new Placer())
            .place(room.nodes(), app -> siblings, request, new Placer())
        : plain;
  }

  /// A deployment that is not over names what it waits for.
  private void judge(Deployment deployment) {
    List<Progress> waits = new ArrayList<>();
    for (Action action : deployment.currentActions()) {
      Progress progress = Progress.of(state, action);
      if (!progress.done()) {
        waits.add(progress);
      }
    }
    Rule.ENDS.holds(!waits.isEmpty(), "%s waits for nothing", deployment);
    for (Progress progress : waits) {
      int named =
          progress.unready().size()
              + progress.outdated().size()
              + progress.ending().size()
              + progress.blockers().size();
      boolean told = named > 0 || deployment.isPaused();
      // One that is paused waits for somebody to decide.
      Rule.ENDS.holds(told, "%s waits for no instance: %s", deployment, waits);
      for (Instance instance : progress.ending()) {
        Rule.ENDS.holds(
            endsNow(instance) || isLost(instance), "%s does not end: %s", instance, deployment);
      }
    }
  }

  private boolean endsNow(Instance instance) {
    return instance.since().plus(LONGEST_END).isAfter(world.clock()) || isLost(instance);
  }
}
