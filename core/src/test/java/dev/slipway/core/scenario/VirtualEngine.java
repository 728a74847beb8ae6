package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Command;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// An engine on virtual time. What a task does is told by its command:
///
/// - `run`: is well one second after it started
/// - `crash`: exits with code 1 one second after it started
/// - `finish`: exits with code 0 one second after it started
/// - `unhealthy`: its health checks fail until it is to be ended
/// - `stubborn`: as `run`, but only ends when its grace is over
/// - `slow`: as `run`, but needs a minute to be well
/// - `unready`: as `run`, but its readiness check never says yes
/// - `mute`: runs, and its health checks never say anything
final class VirtualEngine {
  static final Duration STAGING = Duration.ofMillis(200);
  static final Duration SECOND = Duration.ofSeconds(1);

  private final Scenario scenario;
  private final Map<NodeId, Node> nodes = new TreeMap<>();
  private final Set<NodeId> silent = new TreeSet<>();
  private final Map<TaskId, TaskLaunch> alive = new TreeMap<>();
  private final Map<TaskId, Started> running = new TreeMap<>();
  private final Map<TaskId, TaskObservation> seen = new TreeMap<>();
  private final Map<TaskId, Integer> starts = new TreeMap<>();
  private final Map<TaskId, Integer> killOrders = new TreeMap<>();
  private final Map<VolumeId, NodeId> volumes = new TreeMap<>();
  private Epoch epoch = new Epoch(0);
  private boolean mute;
  private boolean deaf;

  private record Started(TaskLaunch launch, Instant since) {}

  VirtualEngine(Scenario scenario, List<Node> nodes) {
    this.scenario = scenario;
    nodes.forEach(node -> this.nodes.put(node.id(), node));
  }

  /// Orders are lost from now on, or heard again.
  void deaf(boolean now) {
    deaf = now;
  }

  /// A node is not heard of, nor hears anything, from now on; or again, with all it has to tell.
  /// Tasks that start from now on say nothing of their health.
  void mute() {
    mute = true;
  }

  void silence(NodeId node, boolean now) {
    if (now ? !silent.add(node) : !silent.remove(node)) {
      return;
    }
    scenario.picture();
  }

  Set<NodeId> silent() {
    return Set.copyOf(silent);
  }

  /// A node is offered from now on, or changed.
  void offer(Node node) {
    nodes.put(node.id(), node);
    scenario.tell(new Input.NodeSeen(node));
  }

  /// A node is not offered any more from the next picture on; its tasks go on.
  void withdraw(NodeId node) {
    nodes.remove(node);
  }

  /// A node is deleted by whoever owns it, with all that was there, which nobody tells of.
  void delete(NodeId node, String reason) {
    forget(node);
    scenario.tell(new Input.NodeGone(node, reason));
  }

  private void forget(NodeId node) {
    nodes.remove(node);
    silent.remove(node);
    seen.values().stream()
        .filter(task -> task.node().equals(node))
        .map(TaskObservation::task)
        .toList()
        .forEach(
            task -> {
              alive.remove(task);
              running.remove(task);
              seen.remove(task);
            });
  }

  void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Launch(TaskLaunch launch) -> {
        admit(launch.epoch());
        if (!deaf && !silent.contains(launch.node())) {
          launch(launch);
        }
      }
      case Effect.Kill kill -> {
        admit(kill.epoch());
        killOrders.merge(kill.task(), 1, Integer::sum);
        TaskLaunch launch = alive.get(kill.task());
        if (!deaf && launch != null && !silent.contains(launch.node())) {
          kill(kill, launch);
        }
        if (!deaf && !seen.containsKey(kill.task())) {
          neverLaunched(kill.task());
        }
      }
      case Effect.DestroyVolume destroy -> {
        admit(destroy.epoch());
        if (!deaf && !silent.contains(destroy.node())) {
          destroy(destroy);
        }
      }
      case Effect.ReportStray stray -> scenario.stray(stray.task());
    }
  }

  EnginePicture picture() {
    var quiet = new TreeMap<NodeId, String>();
    silent.forEach(node -> quiet.put(node, "no answer"));
    return new EnginePicture(
        List.copyOf(nodes.values()), quiet, List.copyOf(seen.values()), false, scenario.now());
  }

  /// Tells all that it knows but for a node of which it knows nothing.
  void pictureWithout(NodeId unknown) {
    var others = nodes.values().stream().filter(node -> !node.id().equals(unknown)).toList();
    var tasks = seen.values().stream().filter(task -> !task.node().equals(unknown)).toList();
    scenario.when(new Input.EngineSeen(new EnginePicture(others, tasks)));
  }

  /// Tells that nothing is heard of a node that is there, nor what it runs.
  void pictureWithSilent(NodeId... silentNodes) {
    var silent = new TreeMap<NodeId, String>();
    for (NodeId node : silentNodes) {
      silent.put(node, "the kubelet stopped posting status");
    }
    var tasks = seen.values().stream().filter(task -> !silent.containsKey(task.node())).toList();
    scenario.when(
        new Input.EngineSeen(
            new EnginePicture(List.copyOf(nodes.values()), silent, tasks, true, scenario.now())));
  }

  /// A node is deleted with all that was there, while nobody looks; told by a picture of all nodes.
  void deleteUnseen(NodeId node) {
    forget(node);
    var quiet = new TreeMap<NodeId, String>();
    silent.forEach(id -> quiet.put(id, "no answer"));
    scenario.when(
        new Input.EngineSeen(
            new EnginePicture(
                List.copyOf(nodes.values()),
                quiet,
                List.copyOf(seen.values()),
                true,
                scenario.now())));
  }

  /// Health checks begin anew, as they do when another server runs them.
  void probeAgain() {
    running.values().forEach(this::probe);
  }

  /// How often each task was started: more than once is what must never happen.
  Map<TaskId, Integer> starts() {
    return starts;
  }

  /// How often the end of a task was ordered, heard or not.
  int killOrders(TaskId task) {
    return killOrders.getOrDefault(task, 0);
  }

  List<TaskId> alive() {
    return List.copyOf(alive.keySet());
  }

  /// The tasks vanish with their machine's memory, untold.
  void reboot() {
    alive.clear();
    running.clear();
    seen.clear();
  }

  /// A running task gets another address.
  void move(TaskId task) {
    TaskLaunch launch = Objects.requireNonNull(running.get(task)).launch();
    see(launch, OwnAddresses.running(launch, 1));
  }

  /// A task ends by itself.
  void exit(TaskId task, int code) {
    end(task, new TaskEnd(TaskEnd.Reason.EXITED, Optional.of(code), Optional.empty(), "exited"));
  }

  /// The volumes that were shown to a task and not destroyed since, with the node they are on.
  Map<VolumeId, NodeId> volumes() {
    return volumes;
  }

  private void destroy(Effect.DestroyVolume destroy) {
    for (TaskLaunch launch : alive.values()) {
      assertThat(launch.surroundings().volumes())
          .as("volumes in use by %s", launch.id())
          .noneMatch(volume -> volume.id().equals(destroy.volume()));
    }
    volumes.remove(destroy.volume());
    scenario.tell(new Input.VolumeDestroyed(destroy.app(), destroy.volume()));
  }

  private void mount(TaskLaunch launch) {
    for (MountedVolume volume : launch.surroundings().volumes()) {
      NodeId before = volumes.putIfAbsent(volume.id(), launch.node());
      assertThat(before == null || before.equals(launch.node())).as("%s is there", volume).isTrue();
      for (TaskLaunch other : alive.values()) {
        assertThat(other.surroundings().volumes())
            .as("volumes that %s uses, too", other.id())
            .noneMatch(used -> used.id().equals(volume.id()));
      }
    }
  }

  private void admit(Epoch given) {
    assertThat(given).as("epoch of an order").isGreaterThanOrEqualTo(epoch);
    epoch = given;
  }

  private void launch(TaskLaunch launch) {
    if (seen.containsKey(launch.id())) {
      return;
    }
    mount(launch);
    alive.put(launch.id(), launch);
    see(launch, new Status.Staging());
    scenario.after(STAGING, () -> start(launch));
  }

  private void start(TaskLaunch launch) {
    TaskId task = launch.id();
    if (!alive.containsKey(task)) {
      return;
    }
    assertThat(starts.merge(task, 1, Integer::sum)).as("starts of %s", task).isEqualTo(1);
    var process = new Started(launch, scenario.now());
    running.put(task, process);
    see(launch, OwnAddresses.running(launch, 0));
    switch (script(launch)) {
      case "crash" -> scenario.after(SECOND, () -> exit(task, 1));
      case "finish" -> scenario.after(SECOND, () -> exit(task, 0));
      default -> probe(process);
    }
  }

  private void probe(Started process) {
    if (mute) {
      return;
    }
    TaskId task = process.launch().id();
    switch (script(process.launch())) {
      case "run", "stubborn" -> {
        scenario.after(SECOND, () -> health(task, true));
        scenario.after(SECOND.multipliedBy(2), () -> ready(task));
      }
      case "unready" -> scenario.after(SECOND, () -> health(task, true));
      case "slow" -> {
        Duration left = Duration.between(scenario.now(), process.since().plusSeconds(60));
        scenario.after(left.compareTo(SECOND) > 0 ? left : SECOND, () -> health(task, true));
        scenario.after(left.compareTo(SECOND) > 0 ? left : SECOND, () -> ready(task));
      }
      case "unhealthy" -> {
        scenario.after(SECOND, () -> health(task, false));
        scenario.after(SECOND.multipliedBy(3), () -> unhealthy(task));
      }
      case "crash", "finish", "mute" -> {}
      default -> throw new IllegalArgumentException(script(process.launch()));
    }
  }

  private void kill(Effect.Kill kill, TaskLaunch launch) {
    Duration dying = script(launch).equals("stubborn") ? kill.grace() : Duration.ofMillis(100);
    scenario.after(
        dying, () -> end(kill.task(), TaskEnd.of(TaskEnd.Reason.KILLED, "ended on request")));
  }

  private void neverLaunched(TaskId task) {
    var end = new Status.Ended(TaskEnd.of(TaskEnd.Reason.KILLED, "it was never launched"));
    var nowhere = new NodeId("nowhere");
    scenario.tell(new Input.TaskSeen(new TaskObservation(task, nowhere, scenario.now(), end)));
  }

  private void end(TaskId task, TaskEnd end) {
    TaskLaunch launch = alive.remove(task);
    if (launch != null) {
      running.remove(task);
      see(launch, new Status.Ended(end));
    }
  }

  private void health(TaskId task, boolean well) {
    if (isHeard(task)) {
      scenario.tell(new Input.HealthSeen(task.instance(), well));
    }
  }

  private void ready(TaskId task) {
    if (isHeard(task)) {
      scenario.tell(new Input.ReadySeen(task.instance()));
    }
  }

  private void unhealthy(TaskId task) {
    if (isHeard(task)) {
      scenario.tell(new Input.UnhealthySeen(task.instance(), "answered 500"));
    }
  }

  private boolean isHeard(TaskId task) {
    TaskLaunch launch = alive.get(task);
    return launch != null && !silent.contains(launch.node());
  }

  private void see(TaskLaunch launch, Status status) {
    var observation = new TaskObservation(launch.id(), launch.node(), scenario.now(), status);
    seen.put(launch.id(), observation);
    if (!silent.contains(launch.node())) {
      scenario.tell(new Input.TaskSeen(observation));
    }
  }

  private static String script(TaskLaunch launch) {
    return switch (launch.command()) {
      case Command.Shell shell -> shell.line();
      case Command.Arguments arguments -> arguments.argv().getFirst();
      case Command.ImageDefault _ -> "run";
    };
  }
}
