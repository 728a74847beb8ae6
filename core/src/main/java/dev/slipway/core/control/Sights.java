package dev.slipway.core.control;

import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.PathId;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.Lifecycle;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Event;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What engines saw, compared with what is recorded.
final class Sights {
  private Sights() {}

  /// The full picture. What it does not show does not exist: an instance that was running is gone,
  /// one whose order was lost is ordered again. It says nothing of what came about after it was
  /// taken.
  static Reply picture(Draft draft, EnginePicture picture) {
    Set<NodeId> offered = new HashSet<>();
    for (Node node : picture.nodes()) {
      if (!offered.add(node.id())) {
        // Offered twice: what was told first holds, or the two would take turns for ever.
        continue;
      }
      boolean older =
          draft
              .state()
              .node(node.id())
              .filter(known -> known.silent() && isLater(draft, known.since(), picture))
              .isPresent();
      String silence = picture.silent().get(node.id());
      if (silence != null) {
        silentNode(draft, node, silence);
      } else if (!older) {
        node(draft, node);
      }
    }
    Set<InstanceId> seen = new HashSet<>();
    for (TaskObservation observation : picture.tasks()) {
      if (!isStray(draft, observation)) {
        seen.add(observation.task().instance());
      }
      boolean over = observation.status() instanceof TaskObservation.Status.Ended;
      if (!over && picture.silent().containsKey(observation.node())) {
        // It was so when its node was heard of last, which is no news.
        continue;
      }
      task(draft, observation);
      draft
          .state()
          .instance(observation.task().instance())
          .filter(instance -> instance.condition() == Condition.KILLING)
          .ifPresent(instance -> draft.effect(Orders.kill(draft.state(), instance)));
    }
    for (var instances : draft.state().instances().values()) {
      for (Instance instance : instances.values()) {
        if (isExpected(draft, picture, offered, instance)
            && !isLater(draft, changedAt(instance), picture)
            && !seen.contains(instance.id())) {
          missing(draft, instance);
        }
      }
    }
    for (var node : draft.state().nodes().byId().values()) {
      if (offered.contains(node.id())) {
        continue;
      }
      if (!node.silent()) {
        withdrawn(draft, node.id());
      } else if (picture.complete() && !isLater(draft, node.since(), picture)) {
        gone(draft, node.id(), "the node was deleted while nobody looked");
      }
    }
    return Decider.done();
  }

  /// A node that is known to be there, and of which nothing is heard.
  private static void silentNode(Draft draft, Node node, String reason) {
    if (draft.state().node(node.id()).isEmpty()) {
      node(draft, node);
    }
    silence(draft, node.id(), reason);
  }

  /// Whether the picture would show the instance if it existed: a node that was silent and is still
  /// not heard of says nothing about its tasks.
  private static boolean isExpected(
      Draft draft, EnginePicture picture, Set<NodeId> offered, Instance instance) {
    return instance
        .place()
        .filter(place -> !picture.silent().containsKey(place.node()))
        .filter(
            place ->
                offered.contains(place.node())
                    || draft.state().node(place.node()).filter(NodeRecord::silent).isEmpty())
        .isPresent();
  }

  /// Whether something came about after the picture was taken. What seems to be still to come says
  /// only that the clock was set back.
  private static boolean isLater(Draft draft, Instant change, EnginePicture picture) {
    return change.isAfter(picture.taken()) && !change.isAfter(draft.now());
  }

  /// When the instance was placed or an engine told something of it last: it was there then.
  private static Instant changedAt(Instance instance) {
    return instance.condition() == Condition.KILLING
        ? instance.startedAt().or(instance::stagedAt).orElse(instance.since())
        : instance.since();
  }

  static Reply node(Draft draft, Node node) {
    var known = draft.state().node(node.id());
    boolean changed =
        known.isEmpty()
            || known.get().silent()
            || known.get().withdrawn()
            || !known.get().node().equals(node);
    if (changed) {
      draft.record(new Event.NodeSeen(node, draft.now()));
    }
    return Decider.done();
  }

  static Reply silence(Draft draft, NodeId id, String reason) {
    var node = draft.state().node(id).filter(known -> !known.silent());
    if (node.isEmpty()) {
      return Decider.done();
    }
    draft.record(new Event.NodeSilent(id, reason, draft.now()));
    for (InstanceId instance : node.get().instances().keys()) {
      progress(draft, instance, Trigger.LOST);
    }
    return Decider.done();
  }

  /// The tasks of a node that exists no more are over, also where nothing was heard of it: whoever
  /// waits for them waits in vain. Their apps did not fail, and launch others without delay.
  static Reply gone(Draft draft, NodeId id, String reason) {
    NodeRecord node = draft.state().node(id).orElse(null);
    if (node != null) {
      for (InstanceId instance : node.instances().keys()) {
        draft
            .state()
            .instance(instance)
            .ifPresent(one -> over(draft, one, TaskEnd.of(TaskEnd.Reason.GONE, reason)));
      }
      draft.record(new Event.NodeForgotten(id, draft.now()));
    }
    return Decider.done();
  }

  /// What presses most may change while the level stays; that is no news.
  static Reply pressure(Draft draft, NodeId id, Pressure pressure) {
    draft
        .state()
        .node(id)
        .filter(known -> known.pressure().level() != pressure.level())
        .ifPresent(known -> draft.record(new Event.NodePressureChanged(id, pressure, draft.now())));
    return Decider.done();
  }

  static Reply task(Draft draft, TaskObservation observation) {
    InstanceId id = observation.task().instance();
    if (isStray(draft, observation)) {
      draft.effect(new Effect.ReportStray(observation.task(), observation.node()));
      return Decider.done();
    }
    switch (observation.status()) {
      case TaskObservation.Status.Staging staging -> progress(draft, id, Trigger.STAGED);
      case TaskObservation.Status.Running running -> {
        address(draft, id, running.addresses());
        progress(draft, id, Trigger.STARTED);
      }
      case TaskObservation.Status.Ended ended -> end(draft, id, ended.end());
    }
    return Decider.done();
  }

  /// A task that is not over and has no place where it is. Its instance may be known: when commits
  /// were lost, it waits for its place again or was given another one.
  private static boolean isStray(Draft draft, TaskObservation observation) {
    boolean over = observation.status() instanceof TaskObservation.Status.Ended;
    boolean placed =
        draft
            .state()
            .instance(observation.task().instance())
            .flatMap(Instance::place)
            .filter(place -> place.node().equals(observation.node()))
            .isPresent();
    return !over && !placed;
  }

  private static void progress(Draft draft, InstanceId id, Trigger trigger) {
    draft
        .state()
        .instance(id)
        .flatMap(instance -> Lifecycle.next(instance.condition(), trigger))
        .ifPresent(next -> draft.record(new Event.InstanceProgressed(id, trigger, draft.now())));
  }

  /// Before it is told to run, so that whoever hears of that knows where it is reached.
  private static void address(Draft draft, InstanceId id, List<String> addresses) {
    draft
        .state()
        .instance(id)
        .filter(
            instance ->
                Lifecycle.next(instance.condition(), Trigger.STARTED).orElse(instance.condition())
                    == Condition.RUNNING)
        .filter(instance -> !instance.addresses().equals(addresses))
        .ifPresent(
            instance ->
                draft.record(new Event.InstanceAddressesChanged(id, addresses, draft.now())));
  }

  private static void end(Draft draft, InstanceId id, TaskEnd end) {
    Instance instance = draft.state().instance(id).orElse(null);
    if (instance == null) {
      return;
    }
    var done = draft.state().finished().get(instance.app());
    Condition last = over(draft, instance, end);
    boolean isDone = !Objects.equals(done, draft.state().finished().get(instance.app()));
    if (last.isTerminal() && last != Condition.KILLED && !isDone) {
      delayNextLaunch(draft, instance);
    }
  }

  /// @return the condition that the end leads to; nothing is recorded where that is none
  private static Condition over(Draft draft, Instance instance, TaskEnd end) {
    Trigger trigger = trigger(end);
    Condition last = Lifecycle.next(instance.condition(), trigger).orElse(instance.condition());
    if (last.isTerminal()) {
      draft.record(new Event.InstanceEnded(instance.id(), trigger, end, draft.now()));
    }
    return last;
  }

  private static Trigger trigger(TaskEnd end) {
    return switch (end.reason()) {
      case EXITED -> end.successful() ? Trigger.EXITED_WELL : Trigger.EXITED_BADLY;
      case KILLED -> Trigger.ENDED_AS_ORDERED;
      case GONE -> Trigger.VANISHED;
      case SIGNALED,
          OUT_OF_MEMORY,
          DISK_LIMIT,
          FETCH_FAILED,
          COMMAND_INVALID,
          PORT_IN_USE,
          IMAGE_UNAVAILABLE,
          VOLUME_UNAVAILABLE,
          EVICTED,
          LAUNCH_FAILED ->
          Trigger.EXITED_BADLY;
    };
  }

  /// An instance that ended by itself delays the next launch of its generation, also when it ended
  /// well: an app is meant to run.
  private static void delayNextLaunch(Draft draft, Instance instance) {
    var formation = draft.state().formation(instance.app());
    if (formation.isEmpty() || !formation.get().app().generation().equals(instance.generation())) {
      return;
    }
    var policy = formation.get().app().spec().backoff();
    Backoff known = draft.state().backoffs().get(instance.app());
    Backoff next =
        known == null
                || !known.generation().equals(instance.generation())
                || known.isForgotten(policy, draft.now())
                || lived(policy, instance, draft.now())
            ? Backoff.first(instance.generation(), policy, instance.id(), draft.now())
            : known.raised(policy, instance.id(), draft.now());
    draft.record(new Event.BackoffSet(instance.app(), next, draft.now()));
  }

  /// Whether the instance ran for so long that its end is the first failure and not one more.
  private static boolean lived(BackoffPolicy policy, Instance instance, Instant now) {
    return !policy.minimumUptime().isZero()
        && instance
            .startedAt()
            .filter(at -> !at.plus(policy.minimumUptime()).isAfter(now))
            .isPresent();
  }

  private static void missing(Draft draft, Instance instance) {
    Optional<Effect> order =
        Orders.isUnanswered(instance) ? Orders.open(draft.state(), instance) : Optional.empty();
    if (order.isPresent()) {
      draft.effect(order.get());
      return;
    }
    end(
        draft,
        instance.id(),
        TaskEnd.of(TaskEnd.Reason.GONE, "the engine does not know the task any more"));
  }

  /// Lets apps of a node that gives up its instances launch without delay: it is not for a failure.
  static void undelay(Draft draft, NodeRecord node) {
    for (PathId app : apps(node)) {
      if (draft.state().backoffs().containsKey(app)) {
        draft.record(new Event.BackoffCleared(app, draft.now()));
      }
    }
  }

  private static Set<PathId> apps(NodeRecord node) {
    Set<PathId> apps = new TreeSet<>();
    node.instances().values().forEach(apps::add);
    return apps;
  }

  /// A node that is not offered any more gives up its instances; it is forgotten when it has none.
  private static void withdrawn(Draft draft, NodeId id) {
    var node = draft.state().node(id).orElseThrow();
    if (node.instances().isEmpty()) {
      draft.record(new Event.NodeForgotten(id, draft.now()));
      return;
    }
    if (!node.withdrawn()) {
      draft.record(new Event.NodeWithdrawn(id, draft.now()));
      undelay(draft, node);
    }
  }
}
