package dev.slipway.core.scenario;

import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Pressure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// An engine of many machines. It outlives servers; of a machine that is cut off it knows what it
/// heard last, and reaches none of its tasks. One server listens at a time, on a {@link SightLine}.
final class SimulatedEngine {
  private final Timeline timeline;
  private final Supplier<Instant> clock;
  private final Map<NodeId, SimulatedMachine> machines = new TreeMap<>();
  private final Set<NodeId> cutOff = new TreeSet<>();
  private final Set<NodeId> withdrawn = new TreeSet<>();
  private final Map<TaskId, TaskObservation> heard = new TreeMap<>();
  private final Map<TaskId, NodeId> started = new TreeMap<>();
  private final Set<TaskId> strays = new TreeSet<>();
  private Optional<SightLine> line = Optional.empty();
  private Epoch epoch = new Epoch(0);
  private int refused;
  private boolean namesOnce;

  /// @param clock what servers take for the time
  SimulatedEngine(Timeline timeline, Supplier<Instant> clock) {
    this.timeline = timeline;
    this.clock = clock;
  }

  /// A server listens from now on, and no other; orders of those before it are refused.
  void connect(SightLine next, Epoch given) {
    line = Optional.of(next);
    epoch = given;
    next.picture(this);
  }

  /// The highest epoch that it heard of.
  Epoch epoch() {
    return epoch;
  }

  /// A task's name is taken for ever by its first launch, wherever that was, as pods' names are: a
  /// history that was lost may have known of one that the present one does not.
  void takeNamesOnce() {
    namesOnce = true;
  }

  void disconnect() {
    line = Optional.empty();
  }

  /// Tells all that it knows, as it does whenever it may have missed something.
  void picture() {
    line.ifPresent(open -> open.picture(this));
  }

  EnginePicture everything() {
    return seenOn(Set.of());
  }

  /// All machines that exist, those that are cut off as such; nothing while some are withheld.
  Optional<EnginePicture> census() {
    if (!withdrawn.isEmpty()) {
      return Optional.empty();
    }
    var silent = new TreeMap<NodeId, String>();
    cutOff.forEach(id -> silent.put(id, "no answer"));
    EnginePicture seen = everything();
    return Optional.of(new EnginePicture(seen.nodes(), silent, seen.tasks(), true, seen.taken()));
  }

  /// What it knows of the machines that it hears.
  EnginePicture audible() {
    return seenOn(cutOff);
  }

  private EnginePicture seenOn(Set<NodeId> without) {
    List<Node> nodes = new ArrayList<>();
    for (SimulatedMachine machine : machines.values()) {
      NodeId id = machine.node().id();
      if (!without.contains(id) && !withdrawn.contains(id)) {
        nodes.add(machine.node());
      }
    }
    var tasks = heard.values().stream().filter(task -> !without.contains(task.node())).toList();
    var silent = new TreeMap<NodeId, String>();
    for (Node node : nodes) {
      if (cutOff.contains(node.id())) {
        silent.put(node.id(), "no answer");
      }
    }
    return new EnginePicture(nodes, silent, tasks, false, clock.get());
  }

  Set<NodeId> cutOff() {
    return cutOff;
  }

  Map<NodeId, SimulatedMachine> machines() {
    return machines;
  }

  /// Tasks that servers knew nothing of.
  Set<TaskId> strays() {
    return strays;
  }

  /// Orders of servers that do not lead any more.
  int refused() {
    return refused;
  }

  /// Every task that is prepared or runs anywhere.
  Set<TaskId> alive() {
    Set<TaskId> all = new TreeSet<>();
    machines.values().forEach(machine -> all.addAll(machine.alive().keySet()));
    return all;
  }

  void offer(Node node) {
    machines.put(node.id(), new SimulatedMachine(timeline, node, this::hear));
    tell(new Input.NodeSeen(node));
  }

  /// A machine is cut off, or heard again with all that has happened there.
  void cutOff(NodeId id, boolean now) {
    SimulatedMachine machine = machines.get(id);
    if (machine == null || (now ? !cutOff.add(id) : !cutOff.remove(id))) {
      return;
    }
    if (now) {
      tell(new Input.NodeSilent(id, "no answer"));
      return;
    }
    machine.statuses().forEach(status -> heard.put(status.task(), status));
    tell(new Input.NodeSeen(machine.node()));
    picture();
  }

  /// A machine is closed to new tasks by whoever owns it, or open again.
  void close(NodeId id, Optional<String> reason) {
    SimulatedMachine machine = machines.get(id);
    if (machine != null) {
      machine.become(machine.node().closed(reason));
      if (hears(id) && !withdrawn.contains(id)) {
        tell(new Input.NodeSeen(machine.node()));
      }
    }
  }

  /// What was measured on a machine says that its tasks press on each other.
  void press(NodeId id, Pressure pressure) {
    if (hears(id)) {
      tell(new Input.NodePressureSeen(id, pressure));
    }
  }

  /// A machine is taken away with all its tasks, and its engine knows that it is.
  void terminate(NodeId id) {
    SimulatedMachine machine = machines.remove(id);
    if (machine != null) {
      boolean silent = cutOff.remove(id);
      withdrawn.remove(id);
      machine.reboot();
      heard.values().removeIf(task -> task.node().equals(id));
      if (silent) {
        tell(new Input.NodeSeen(machine.node()));
      }
      picture();
    }
  }

  /// A machine is deleted by whoever owns it, heard of or not.
  void delete(NodeId id) {
    SimulatedMachine machine = machines.remove(id);
    if (machine != null) {
      cutOff.remove(id);
      withdrawn.remove(id);
      machine.reboot();
      heard.values().removeIf(task -> task.node().equals(id));
      tell(new Input.NodeGone(id, "deleted"));
    }
  }

  /// A machine is not offered any more, or again; its tasks go on.
  void withdraw(NodeId id, boolean now) {
    if (now ? withdrawn.add(id) : withdrawn.remove(id)) {
      picture();
    }
  }

  void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Launch(var launch) -> {
        if (admits(launch.epoch())) {
          launch(launch);
        }
      }
      case Effect.Kill kill -> {
        if (admits(kill.epoch())) {
          kill(kill);
        }
      }
      case Effect.DestroyVolume destroy -> {
        SimulatedMachine machine = machines.get(destroy.node());
        if (admits(destroy.epoch()) && machine != null && hears(destroy.node())) {
          machine.destroy(destroy.volume());
          tell(new Input.VolumeDestroyed(destroy.app(), destroy.volume()));
        }
      }
      case Effect.ReportStray stray -> strays.add(stray.task());
    }
  }

  private void launch(TaskLaunch launch) {
    SimulatedMachine machine = machines.get(launch.node());
    if (machine == null) {
      tellEnd(launch.id(), launch.node(), TaskEnd.Reason.LAUNCH_FAILED, "no such machine");
    } else if (hears(launch.node())) {
      NodeId before = started.putIfAbsent(launch.id(), launch.node());
      if (namesOnce && before != null && !before.equals(launch.node())) {
        tellEnd(launch.id(), launch.node(), TaskEnd.Reason.LAUNCH_FAILED, "its name is taken");
        return;
      }
      Rule.RUNS_ONCE.holds(
          before == null || before.equals(launch.node()), "%s after %s", launch, before);
      machine.launch(launch);
    }
  }

  /// Every order to end a task is answered, also when there is nothing to end.
  private void kill(Effect.Kill kill) {
    NodeId home = started.get(kill.task());
    SimulatedMachine machine = home == null ? null : machines.get(home);
    if (home == null) {
      var nowhere = new NodeId("nowhere");
      tellEnd(kill.task(), nowhere, TaskEnd.Reason.KILLED, "it was never launched");
    } else if (machine == null) {
      tellEnd(kill.task(), home, TaskEnd.Reason.GONE, "its machine is gone");
    } else if (hears(home)) {
      machine.kill(kill.task(), kill.grace());
    }
  }

  private void tellEnd(TaskId task, NodeId node, TaskEnd.Reason reason, String message) {
    var ended = new TaskObservation.Status.Ended(TaskEnd.of(reason, message));
    tell(new Input.TaskSeen(new TaskObservation(task, node, timeline.now(), ended)));
  }

  void end(TaskId task, TaskEnd end) {
    machines.values().forEach(machine -> machine.end(task, end));
  }

  boolean hears(NodeId id) {
    return machines.containsKey(id) && !cutOff.contains(id);
  }

  private boolean admits(Epoch given) {
    boolean stale = given.compareTo(epoch) < 0;
    refused += stale ? 1 : 0;
    return !stale;
  }

  private void hear(TaskObservation observation) {
    if (hears(observation.node())) {
      heard.put(observation.task(), observation);
      tell(new Input.TaskSeen(observation));
    }
  }

  private void tell(Input sight) {
    line.ifPresent(open -> open.tell(this, sight));
  }
}
