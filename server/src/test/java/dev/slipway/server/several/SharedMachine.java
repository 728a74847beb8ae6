package dev.slipway.server.several;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/// A machine whose tasks are entries in memory, and which several servers reach: each through an
/// engine of its own. It fences by epochs and platforms, as engines do, and counts what was
/// launched.
final class SharedMachine {
  private final List<Node> nodes;
  private final Map<TaskId, TaskLaunch> running = new ConcurrentHashMap<>();
  private final Map<TaskId, NodeId> places = new ConcurrentHashMap<>();
  private final List<TaskId> launched = new CopyOnWriteArrayList<>();
  private final List<TaskId> killed = new CopyOnWriteArrayList<>();
  private final List<EngineListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean away;
  private Epoch epoch = new Epoch(0);
  private Optional<String> platform = Optional.empty();

  /// One node.
  SharedMachine() {
    this(1);
  }

  SharedMachine(int nodes) {
    this.nodes = IntStream.rangeClosed(1, nodes).mapToObj(SharedMachine::node).toList();
  }

  private static Node node(int number) {
    return new Node(
        new NodeId("n" + number),
        number == 1 ? "localhost" : "host-" + number,
        "127.0.0.1",
        Resources.of(64, 65536, 65536, 0),
        new PortRange(20000, 30000),
        new PortRange(30001, 31000),
        new TreeMap<>(),
        new TreeSet<>());
  }

  /// All nodes come back within a moment, each on a thread of its own, and tell what they are and
  /// what runs there, as agents do that had lost their leader.
  void everyNodeReports() {
    Map<NodeId, List<TaskId>> tasks = new ConcurrentHashMap<>();
    running.forEach(
        (task, launch) ->
            tasks.computeIfAbsent(launch.node(), node -> new CopyOnWriteArrayList<>()).add(task));
    try (var reports = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Node node : nodes) {
        reports.execute(
            () -> {
              listeners.forEach(listener -> listener.nodeSeen(node));
              tasks
                  .getOrDefault(node.id(), List.of())
                  .forEach(task -> tell(task, new Status.Running(List.of())));
            });
      }
    }
  }

  /// What was launched, each as often as it was.
  List<TaskId> launched() {
    return List.copyOf(launched);
  }

  List<TaskId> killed() {
    return List.copyOf(killed);
  }

  int running() {
    return running.size();
  }

  /// From now on the machine is another platform's.
  synchronized void give(String other) {
    platform = Optional.of(other);
  }

  /// It has seen this epoch, whatever the journal knows.
  synchronized void see(long seen) {
    epoch = new Epoch(seen);
  }

  /// It takes no orders while it is away.
  void takeOrders(boolean takes) {
    away = !takes;
  }

  private synchronized void pass(Epoch given) {
    if (away) {
      throw new EngineUnavailable("the machine is away", new IOException("no route to host"));
    }
    if (given.compareTo(epoch) < 0) {
      throw new StaleEpoch(given, epoch);
    }
    epoch = given;
  }

  private void tell(TaskId task, Status status) {
    NodeId node = Optional.ofNullable(places.get(task)).orElse(nodes.getFirst().id());
    var seen = new TaskObservation(task, node, Instant.now(), status);
    listeners.forEach(listener -> listener.taskSeen(seen));
  }

  Engine engine() {
    return new View();
  }

  /// The machine as one server reaches it.
  private final class View implements Engine {
    private volatile Optional<EngineListener> own = Optional.empty();

    @Override
    public Fenced fence() {
      return new Fenced(
          epoch,
          platform,
          running.size(),
          "the machine of the test",
          "end the test",
          "give it to " + Fenced.PLATFORM);
    }

    @Override
    public void claim(String claimant, Epoch given) {
      fence().check(claimant);
      pass(given);
      give(claimant);
    }

    @Override
    public void start(EngineListener listener) {
      own = Optional.of(listener);
      List<TaskObservation> seen = new ArrayList<>();
      running.forEach(
          (task, launch) ->
              seen.add(
                  new TaskObservation(
                      task, launch.node(), Instant.now(), new Status.Running(List.of()))));
      listener.picture(new EnginePicture(nodes, seen, Instant.now()));
      listeners.add(listener);
    }

    @Override
    public void launch(TaskLaunch launch) {
      pass(launch.epoch());
      if (running.putIfAbsent(launch.id(), launch) == null) {
        places.put(launch.id(), launch.node());
        launched.add(launch.id());
        tell(launch.id(), new Status.Running(List.of()));
      }
    }

    @Override
    public void kill(TaskId task, Duration grace, Epoch given) {
      pass(given);
      if (running.remove(task) != null) {
        killed.add(task);
      }
      tell(task, new Status.Ended(TaskEnd.of(TaskEnd.Reason.KILLED, "killed")));
    }

    @Override
    public Optional<Sandbox> sandbox(TaskId task) {
      return Optional.empty();
    }

    @Override
    public CommandOutcome execute(TaskId task, Command command, Duration timeout) {
      throw new UnsupportedOperationException("these tasks run no commands");
    }

    @Override
    public void close() {
      own.ifPresent(listeners::remove);
    }
  }
}
