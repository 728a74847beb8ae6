package dev.slipway.server.marathon;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import dev.slipway.server.control.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The real core on a clock that tests turn, with an engine that does what it is told when a test
/// says so. Every identity comes out the same each time.
public final class MemoryPlatform implements Control {
  public static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

  private final List<Consumer<Transition>> listeners = new ArrayList<>();
  private final Deque<Effect> effects = new ArrayDeque<>();
  private State state = State.EMPTY;
  private Instant now = START;
  private long sequence;

  public MemoryPlatform() {
    apply(new Input.TakeLeadership(new Epoch(1), "test"));
  }

  /// A platform with two nodes of 4 cores and 1024 MiB.
  public static MemoryPlatform withNodes() {
    var platform = new MemoryPlatform();
    platform.node("n1", Map.of("rack", "a"));
    platform.node("n2", Map.of("rack", "b"));
    return platform;
  }

  public synchronized void node(String name, Map<String, String> attributes) {
    seen(name, "10.0.0." + name.substring(1), attributes);
  }

  /// A node at an address where tests can be asked.
  public synchronized void nodeAt(String name, String address) {
    seen(name, address, Map.of());
  }

  private void seen(String name, String address, Map<String, String> attributes) {
    apply(
        new Input.NodeSeen(
            new Node(
                new NodeId(name),
                name + ".example.org",
                address,
                Resources.of(4, 1024, 4096, 0),
                new PortRange(31000, 31999),
                new PortRange(1024, 19999),
                new TreeMap<>(attributes))));
  }

  public synchronized void listen(Consumer<Transition> listener) {
    listeners.add(listener);
  }

  @Override
  public synchronized State state() {
    return state;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized Reply submit(Input.Command wish) {
    return apply(wish);
  }

  public synchronized void pass(Duration time) {
    now = now.plus(time);
  }

  public synchronized Reply apply(Input input) {
    var decision = Decider.decide(state, input, now);
    State before = state;
    state = decision.after();
    effects.addAll(decision.effects());
    for (Event event : decision.events()) {
      State after = Evolution.apply(before, event);
      sequence++;
      var transition = new Transition(sequence, event, before, after);
      listeners.forEach(listener -> listener.accept(transition));
      before = after;
    }
    return decision.reply();
  }

  /// Has the engine launch and end tasks until it has nothing left to do.
  public synchronized void settle() {
    while (!effects.isEmpty()) {
      pass(Duration.ofSeconds(1));
      switch (effects.removeFirst()) {
        case Effect.Launch launch -> {
          see(launch.launch().id(), new Status.Staging());
          see(launch.launch().id(), new Status.Running());
        }
        case Effect.Kill kill ->
            see(kill.task(), new Status.Ended(TaskEnd.of(TaskEnd.Reason.KILLED, "killed")));
        case Effect.DestroyVolume destroy -> {}
        case Effect.ReportStray stray -> {}
      }
    }
  }

  public synchronized void see(TaskId task, Status status) {
    NodeId node =
        state
            .instance(task.instance())
            .flatMap(Instance::place)
            .map(Instance.Place::node)
            .orElse(new NodeId("n1"));
    apply(new Input.TaskSeen(new TaskObservation(task, node, now, status)));
  }

  public synchronized List<Instance> instances(String app) {
    List<Instance> result = new ArrayList<>();
    state.instancesOf(PathId.of(app)).values().forEach(result::add);
    return result;
  }
}
