package dev.slipway.core.scenario;

import dev.slipway.core.app.Command;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An engine on virtual time. What a task does is told by its command:
///
/// - `run`: is well one second after it started
/// - `crash`: exits with code 1 one second after it started
/// - `finish`: exits with code 0 one second after it started
/// - `unhealthy`: its health checks fail until it is to be ended
/// - `stubborn`: as `run`, but only ends when its grace is over
/// - `slow`: as `run`, but needs a minute to be well
/// - `mute`: runs, and its health checks never say anything
final class VirtualEngine {
  static final Duration STAGING = Duration.ofMillis(200);
  static final Duration SECOND = Duration.ofSeconds(1);

  private final Scenario scenario;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<TaskId, TaskLaunch> alive = new TreeMap<>();
  private final Map<TaskId, Status> statuses = new TreeMap<>();
  private final Map<TaskId, Integer> starts = new TreeMap<>();
  private boolean deaf;

  VirtualEngine(Scenario scenario, List<Node> nodes) {
    this.scenario = scenario;
    this.nodes.addAll(nodes);
  }

  /// Orders are lost from now on, or heard again.
  void deaf(boolean now) {
    deaf = now;
  }

  void carryOut(Effect effect) {
    if (deaf) {
      return;
    }
    switch (effect) {
      case Effect.Launch launch -> launch(launch.launch());
      case Effect.Kill kill -> kill(kill);
      case Effect.ReportStray stray -> scenario.stray(stray.task());
    }
  }

  EnginePicture picture() {
    List<TaskObservation> tasks = new ArrayList<>();
    statuses.forEach((task, status) -> tasks.add(observation(task, status)));
    return new EnginePicture(nodes, tasks);
  }

  /// How often each task was started: more than once is what must never happen.
  Map<TaskId, Integer> starts() {
    return starts;
  }

  List<TaskId> alive() {
    return List.copyOf(alive.keySet());
  }

  /// The tasks vanish with their machine's memory, untold.
  void reboot() {
    alive.clear();
    statuses.clear();
  }

  /// A task ends by itself.
  void exit(TaskId task, int code) {
    end(task, new TaskEnd(TaskEnd.Reason.EXITED, Optional.of(code), Optional.empty(), "exited"));
  }

  private void launch(TaskLaunch launch) {
    if (statuses.containsKey(launch.id())) {
      return;
    }
    alive.put(launch.id(), launch);
    see(launch.id(), new Status.Staging());
    scenario.after(STAGING, () -> start(launch));
  }

  private void start(TaskLaunch launch) {
    TaskId task = launch.id();
    if (!alive.containsKey(task)) {
      return;
    }
    starts.merge(task, 1, Integer::sum);
    see(task, new Status.Running());
    switch (script(launch)) {
      case "run", "stubborn" -> scenario.after(SECOND, () -> health(task, true));
      case "slow" -> scenario.after(Duration.ofMinutes(1), () -> health(task, true));
      case "unhealthy" -> {
        scenario.after(SECOND, () -> health(task, false));
        scenario.after(SECOND.multipliedBy(3), () -> unhealthy(task));
      }
      case "crash" -> scenario.after(SECOND, () -> exit(task, 1));
      case "finish" -> scenario.after(SECOND, () -> exit(task, 0));
      case "mute" -> {}
      default -> throw new IllegalArgumentException(script(launch));
    }
  }

  private void kill(Effect.Kill kill) {
    TaskLaunch launch = alive.get(kill.task());
    if (launch == null) {
      return;
    }
    Duration dying = script(launch).equals("stubborn") ? kill.grace() : Duration.ofMillis(100);
    scenario.after(
        dying, () -> end(kill.task(), TaskEnd.of(TaskEnd.Reason.KILLED, "ended on request")));
  }

  private void end(TaskId task, TaskEnd end) {
    if (alive.remove(task) != null) {
      see(task, new Status.Ended(end));
    }
  }

  private void health(TaskId task, boolean well) {
    if (alive.containsKey(task)) {
      scenario.tell(new Input.HealthSeen(task.instance(), well));
    }
  }

  private void unhealthy(TaskId task) {
    if (alive.containsKey(task)) {
      scenario.tell(new Input.UnhealthySeen(task.instance(), "answered 500"));
    }
  }

  private void see(TaskId task, Status status) {
    statuses.put(task, status);
    scenario.tell(new Input.TaskSeen(observation(task, status)));
  }

  private TaskObservation observation(TaskId task, Status status) {
    return new TaskObservation(task, nodes.getFirst().id(), scenario.now(), status);
  }

  private static String script(TaskLaunch launch) {
    return switch (launch.command()) {
      case Command.Shell shell -> shell.line();
      case Command.Arguments arguments -> arguments.argv().getFirst();
    };
  }
}
