package dev.slipway.bench;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// An engine whose nodes and tasks exist in memory alone: a task stages, then runs until it is
/// killed. It counts, so that launches beyond what was wanted are noticed.
///
/// One thread tells what is seen; the state is in concurrent maps.
final class SimulatedEngine implements Engine {
  private static final Resources CAPACITY = Resources.of(64, 262_144, 1_000_000, 0);
  private static final Duration STAGES_AFTER = Duration.ofMillis(5);
  private static final Duration RUNS_AFTER = Duration.ofMillis(20);
  private static final Duration ENDS_AFTER = Duration.ofMillis(10);

  private final List<Node> nodes;
  private final Map<TaskId, NodeId> living = new ConcurrentHashMap<>();
  private final AtomicInteger launched = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final ScheduledExecutorService telling =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("simulated-engine").daemon().factory());
  private @Nullable EngineListener listener;

  SimulatedEngine(int nodes) {
    this.nodes = IntStream.range(0, nodes).mapToObj(SimulatedEngine::node).toList();
  }

  private static Node node(int index) {
    return new Node(
        new NodeId("node-%05d".formatted(index)),
        "node-%05d".formatted(index),
        "10.%d.%d.%d".formatted(index >> 16, (index >> 8) & 255, index & 255),
        CAPACITY,
        new PortRange(20_000, 32_000),
        new PortRange(1, 65_535),
        new TreeMap<>(Map.of("@zone", "zone-" + index % 3)));
  }

  /// How many tasks live, lived at once at most, and were launched.
  String counts() {
    return "living=%d most=%d launched=%d".formatted(living.size(), most.get(), launched.get());
  }

  @Override
  public void start(EngineListener hearing) {
    listener = hearing;
    hearing.picture(new EnginePicture(nodes, List.of()));
  }

  @Override
  public void launch(TaskLaunch launch) {
    if (living.putIfAbsent(launch.id(), launch.node()) != null) {
      return;
    }
    launched.incrementAndGet();
    most.accumulateAndGet(living.size(), Math::max);
    later(STAGES_AFTER, launch.id(), launch.node(), new Status.Staging());
    later(RUNS_AFTER, launch.id(), launch.node(), new Status.Running());
  }

  @Override
  public void kill(TaskId task, Duration grace, Epoch epoch) {
    NodeId node = living.remove(task);
    // One that is not known is answered as ended, too: it will never run.
    var end = TaskEnd.of(node == null ? TaskEnd.Reason.GONE : TaskEnd.Reason.KILLED, "killed");
    NodeId where = node == null ? nodes.getFirst().id() : node;
    later(ENDS_AFTER, task, where, new Status.Ended(end));
  }

  private void later(Duration after, TaskId task, NodeId node, Status status) {
    EngineListener hearing = listener;
    if (hearing == null) {
      throw new IllegalStateException("the engine was not started");
    }
    // Orders follow each other on this one thread, so an end never comes before a start.
    var _ =
        telling.schedule(
            () -> hearing.taskSeen(new TaskObservation(task, node, Instant.now(), status)),
            after.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public Optional<Sandbox> sandbox(TaskId task) {
    return Optional.empty();
  }

  @Override
  public CommandOutcome execute(TaskId task, Command command, Duration timeout) {
    throw new UnsupportedOperationException("simulated tasks run no commands");
  }

  @Override
  public void close() {
    telling.shutdownNow();
  }
}
