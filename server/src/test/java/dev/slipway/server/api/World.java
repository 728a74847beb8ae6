package dev.slipway.server.api;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.State;
import dev.slipway.server.control.UsageBoard;
import dev.slipway.server.probe.HealthView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// A platform without threads: the real core decides, a test says what an engine would see. Time
/// stands still until a test moves it.
final class World implements StateSource, Commands, HealthView {
  private final Map<InstanceId, List<HealthRecord>> health = new HashMap<>();
  final UsageBoard usage = new UsageBoard();
  private volatile State state = State.EMPTY;
  private volatile Instant now = Instant.parse("2026-03-01T10:00:00Z");

  World() {
    tell(new Input.TakeLeadership(new Epoch(7), "platform"));
  }

  /// With nodes n1, n2... of so many cores and 1 GiB each.
  static World withNodes(int count, double cpus) {
    var world = new World();
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      nodes.add(
          new Node(
              new NodeId("n" + i),
              "host" + i,
              "10.0.0." + i,
              Resources.of(cpus, 1024, 10_000, 0),
              new PortRange(31000, 31999),
              new PortRange(1, 65535),
              new TreeMap<>(Map.of("rack", "r" + i))));
    }
    world.tell(new Input.EngineSeen(new EnginePicture(nodes, List.of())));
    return world;
  }

  static AppSpec app(String id, double cpus, int instances) {
    AppSpec one = SampleApps.sleeper(id);
    return one.toBuilder()
        .resources(Resources.of(cpus, 32, 0, 0))
        .instances(instances)
        .dependencies(new TreeSet<>(one.dependencies()))
        .build();
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Reply submit(Input.Command wish) {
    return tell(wish);
  }

  @Override
  public Optional<List<HealthRecord>> of(InstanceId instance) {
    return Optional.ofNullable(health.get(instance));
  }

  Reply tell(Input input) {
    Decision decision = Decider.decide(state, input, now);
    state = decision.after();
    return decision.reply();
  }

  Reply put(AppSpec... apps) {
    List<AppChange> changes = new ArrayList<>();
    for (AppSpec app : apps) {
      changes.add(new AppChange(app.id(), before -> new AppChange.Result.Revised(app)));
    }
    return tell(new Input.ChangeApps(changes, Input.Expectation.ANY, true));
  }

  void pass(Duration time) {
    now = now.plus(time);
    var apps = new TreeSet<PathId>();
    state.formations().keys().forEach(apps::add);
    tell(new Input.Due(apps));
  }

  List<Instance> instances(String app) {
    List<Instance> result = new ArrayList<>();
    state.instancesOf(PathId.of(app)).values().forEach(result::add);
    return result;
  }

  Instance instance(String app) {
    return instances(app).getFirst();
  }

  void staging(Instance instance) {
    see(instance, new TaskObservation.Status.Staging());
  }

  void running(Instance instance) {
    see(instance, new TaskObservation.Status.Running());
  }

  void ended(Instance instance, TaskEnd end) {
    see(instance, new TaskObservation.Status.Ended(end));
  }

  void allRun(String app) {
    instances(app).stream().filter(one -> one.place().isPresent()).forEach(this::running);
  }

  void checked(Instance instance, HealthRecord record) {
    health.put(instance.id(), List.of(record));
  }

  private void see(Instance instance, TaskObservation.Status status) {
    TaskId task = instance.id().task();
    NodeId node = instance.place().orElseThrow().node();
    tell(new Input.TaskSeen(new TaskObservation(task, node, now, status)));
  }
}
