package dev.slipway.server.control;

import dev.slipway.core.control.Input;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.pressure.NodeUse;
import dev.slipway.core.pressure.PressureGauge;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Follows how much the tasks of each node press on each other, and tells the control loop of a
/// node only when its level is another than what is recorded: measurements are never recorded.
///
/// It works in the thread that measured, never in the control thread. Any thread may call.
public final class PressureWatch {
  private final Supplier<State> published;
  private final Consumer<Input> loop;
  private final UsageBoard board;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock; only nodes that are recorded.
  private final Map<NodeId, PressureGauge> gauges = new HashMap<>();

  public PressureWatch(Supplier<State> published, Consumer<Input> loop, UsageBoard board) {
    this.published = published;
    this.loop = loop;
    this.board = board;
  }

  /// Takes in a round of measurements: of all tasks that run, as the board has them already.
  public void look(List<UsageSample> samples, Instant at) {
    State state = published.get();
    Map<NodeId, List<NodeUse.OfTask>> uses = new HashMap<>();
    for (UsageSample sample : samples) {
      use(state, sample, uses);
    }
    List<Input> news = new ArrayList<>();
    lock.lock();
    try {
      gauges.keySet().removeIf(node -> state.node(node).isEmpty());
      for (NodeRecord record : state.nodes().byId().values()) {
        if (!record.silent()) {
          read(record, uses.getOrDefault(record.id(), List.of()), at).ifPresent(news::add);
        }
      }
    } finally {
      lock.unlock();
    }
    news.forEach(loop);
  }

  /// What is measured of tasks that are not recorded, or stand nowhere, belongs to no node.
  private void use(State state, UsageSample sample, Map<NodeId, List<NodeUse.OfTask>> uses) {
    Instance instance = state.instance(sample.task().instance()).orElse(null);
    UsageBoard.Usage usage = board.of(sample.task()).orElse(null);
    if (instance == null || usage == null || instance.place().isEmpty()) {
      return;
    }
    Instance.Place place = instance.place().get();
    uses.computeIfAbsent(place.node(), fresh -> new ArrayList<>())
        .add(
            new NodeUse.OfTask(instance.app(), usage.cpus(), sample.memBytes(), place.resources()));
  }

  private Optional<Input> read(NodeRecord record, List<NodeUse.OfTask> tasks, Instant at) {
    var use = new NodeUse(at, record.node().capacity(), tasks);
    PressureGauge known = gauges.get(record.id());
    PressureGauge gauge =
        known == null ? PressureGauge.begin(use, record.pressure()) : known.read(use);
    gauges.put(record.id(), gauge);
    return gauge
        .verdict()
        .filter(pressure -> differs(pressure, record.pressure()))
        .map(pressure -> new Input.NodePressureSeen(record.id(), pressure));
  }

  private static boolean differs(Pressure seen, Pressure recorded) {
    return seen.level() != recorded.level();
  }
}
