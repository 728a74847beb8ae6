package dev.slipway.core.scenario;

import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A machine with its tasks, whether anybody hears of them or not. It never starts a task twice,
/// nor more than it has room for; what it was ordered it remembers for ever.
final class SimulatedMachine {
  private static final Duration STAGING = Duration.ofMillis(200);
  private static final Duration DYING = Duration.ofMillis(100);

  /// A task that is being prepared or runs.
  ///
  /// @param since when it started to run
  record Task(TaskLaunch launch, Optional<Instant> since) {
    Script script() {
      return Script.of(launch.command());
    }
  }

  private final Timeline timeline;
  private final Consumer<TaskObservation> told;
  private final Map<TaskId, Task> alive = new TreeMap<>();
  private final Map<TaskId, TaskObservation> statuses = new HashMap<>();
  private final Set<VolumeId> volumes = new TreeSet<>();
  private Optional<TaskEnd> misfortune = Optional.empty();
  private Node node;
  private int moves;

  SimulatedMachine(Timeline timeline, Node node, Consumer<TaskObservation> told) {
    this.timeline = timeline;
    this.node = node;
    this.told = told;
  }

  Node node() {
    return node;
  }

  void become(Node next) {
    node = next;
  }

  Map<TaskId, Task> alive() {
    return alive;
  }

  /// What is so with every task that it was ever ordered to launch.
  Iterable<TaskObservation> statuses() {
    return statuses.values();
  }

  /// The next task that is launched ends like this before it runs.
  void misfortune(TaskEnd end) {
    misfortune = Optional.of(end);
  }

  void launch(TaskLaunch launch) {
    TaskObservation known = statuses.get(launch.id());
    if (known != null) {
      told.accept(known);
      return;
    }
    mount(launch);
    alive.put(launch.id(), new Task(launch, Optional.empty()));
    checkRoom();
    see(launch, new Status.Staging());
    timeline.after(STAGING, () -> start(launch));
  }

  private void start(TaskLaunch launch) {
    if (!alive.containsKey(launch.id())) {
      return;
    }
    if (misfortune.isPresent()) {
      TaskEnd end = misfortune.get();
      misfortune = Optional.empty();
      end(launch.id(), end);
      return;
    }
    var task = new Task(launch, Optional.of(timeline.now()));
    alive.put(launch.id(), task);
    see(launch, OwnAddresses.running(launch, 0));
    Script script = task.script();
    script.life().ifPresent(life -> timeline.after(life, () -> end(launch.id(), script.end())));
  }

  /// A running task gets another address, if it has one of its own.
  void move(TaskId id) {
    Task task = alive.get(id);
    if (task != null && task.since().isPresent()) {
      see(task.launch(), OwnAddresses.running(task.launch(), ++moves));
    }
  }

  /// The addresses that a running task has now; nothing where it does not run here.
  Optional<List<String>> addresses(TaskId id) {
    return Optional.ofNullable(statuses.get(id))
        .map(TaskObservation::status)
        .filter(Status.Running.class::isInstance)
        .map(status -> ((Status.Running) status).addresses());
  }

  void kill(TaskId id, Duration grace) {
    Task task = alive.get(id);
    TaskObservation known = statuses.get(id);
    if (task == null && known != null) {
      told.accept(known);
    }
    if (task != null) {
      Duration dying = task.script() == Script.STUBBORN ? grace : DYING;
      timeline.after(dying, () -> end(id, TaskEnd.of(TaskEnd.Reason.KILLED, "ended as ordered")));
    }
  }

  void end(TaskId id, TaskEnd end) {
    Task task = alive.remove(id);
    if (task != null) {
      see(task.launch(), new Status.Ended(end));
    }
  }

  /// All its tasks end with its memory.
  void reboot() {
    for (TaskId id : List.copyOf(alive.keySet())) {
      end(id, TaskEnd.of(TaskEnd.Reason.GONE, "the machine restarted"));
    }
  }

  private void mount(TaskLaunch launch) {
    for (MountedVolume volume : launch.surroundings().volumes()) {
      volumes.add(volume.id());
      mustBeFree(volume.id());
    }
  }

  /// Destroys a volume, if it is there.
  void destroy(VolumeId volume) {
    mustBeFree(volume);
    volumes.remove(volume);
  }

  private void mustBeFree(VolumeId volume) {
    for (Task task : alive.values()) {
      Rule.VOLUMES.holds(
          task.launch().surroundings().volumes().stream()
              .noneMatch(used -> used.id().equals(volume)),
          "%s is used by %s",
          volume,
          task);
    }
  }

  /// The volumes that were made here and not destroyed since.
  Set<VolumeId> volumes() {
    return volumes;
  }

  private void see(TaskLaunch launch, Status status) {
    var observation = new TaskObservation(launch.id(), launch.node(), timeline.now(), status);
    statuses.put(launch.id(), observation);
    told.accept(observation);
  }

  private void checkRoom() {
    Resources used = Resources.NONE;
    Map<Integer, TaskId> ports = new TreeMap<>();
    for (Task task : alive.values()) {
      used = used.plus(task.launch().resources());
      for (int port : task.launch().hostPorts()) {
        TaskId other = ports.put(port, task.launch().id());
        Rule.MACHINE.holds(
            other == null, "port %d of %s belongs to %s and %s", port, node.id(), other, task);
      }
    }
    Resources most = RandomWishes.mostOf(node.capacity());
    Rule.MACHINE.holds(
        used.fitsIn(most) && alive.size() <= node.mostTasks().orElse(Integer.MAX_VALUE),
        "%s runs %s",
        node,
        alive.keySet());
  }
}
