package dev.slipway.core.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Request;
import dev.slipway.core.pressure.NodeUse.OfTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whether it helps to look at the pressure: tasks come and go on a cluster, one in five of them
/// uses two to three times what it requested, and the minutes are counted in which tasks that keep
/// to their request get less than they use, since their node is asked for more than it has.
class NoisyNeighboursTest {
  private static final int NODES = 40;
  private static final int SEEDS = 3;
  private static final int MINUTES = 240;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Resources CAPACITY = Resources.of(16, 65_536, 0, 0);

  private record Task(InstanceId id, Instance.Place place, double cpus, int until) {
    boolean isNoisy() {
      return cpus > place.resources().cpus();
    }
  }

  /// A cluster over some hours.
  private static final class Cluster {
    private final Random random;
    private final boolean measured;
    private final Placer placer = new Placer();
    private final List<Task> tasks = new ArrayList<>();
    private final Map<NodeId, PressureGauge> gauges = new HashMap<>();
    private Nodes nodes = Nodes.NONE;
    private int identities;
    private int suffered;
    private int served;

    Cluster(long seed, boolean measured) {
      random = new Random(seed);
      this.measured = measured;
      for (int i = 0; i < NODES; i++) {
        String id = "n" + i;
        var ports = new PortRange(31000, 31999);
        var node = new Node(new NodeId(id), id, id, CAPACITY, ports, ports, new TreeMap<>());
        nodes = nodes.with(NodeRecord.of(node, START));
      }
    }

    void run() {
      for (int minute = 0; minute < MINUTES; minute++) {
        end(minute);
        // About two thirds of what there is are requested.
        for (int i = 0; i < 4; i++) {
          begin(minute);
        }
        count();
        for (int round = 0; measured && round < 4; round++) {
          measure(START.plus(Duration.ofMinutes(minute)).plusSeconds(15L * round));
        }
      }
    }

    /// The draws are the same wherever it is placed.
    private void begin(int minute) {
      var requested = Resources.of(1 + random.nextInt(3), 1024, 0, 0);
      double part =
          random.nextInt(5) == 0 ? 2 + random.nextDouble() : 0.3 + random.nextDouble() / 2;
      int until = minute + 5 + (int) (-55 * Math.log(1 - random.nextDouble()));
      var app = PathId.of("/app" + identities);
      var id = InstanceId.of(app, new UUID(0, identities++));
      var request = new Request(app, requested, List.of(), List.of(), 0);
      if (placer.place(nodes, PersistentMap.empty(), any -> List.of(), request)
          instanceof Outcome.Placed(var place)) {
        tasks.add(new Task(id, place, part * requested.cpus(), until));
        nodes = nodes.with(on(place).with(id, app, place));
      }
    }

    private void end(int minute) {
      for (Task task : List.copyOf(tasks)) {
        if (task.until() <= minute) {
          tasks.remove(task);
          nodes = nodes.with(on(task.place()).without(task.id(), task.place()));
        }
      }
    }

    private NodeRecord on(Instance.Place place) {
      NodeRecord record = nodes.byId().get(place.node());
      if (record == null) {
        throw new IllegalStateException("nodes stay");
      }
      return record;
    }

    private void count() {
      Map<NodeId, Double> asked = new HashMap<>();
      tasks.forEach(task -> asked.merge(task.place().node(), task.cpus(), Double::sum));
      for (Task task : tasks) {
        if (!task.isNoisy()) {
          served++;
          suffered += asked.getOrDefault(task.place().node(), 0.0) > CAPACITY.cpus() ? 1 : 0;
        }
      }
    }

    private void measure(Instant at) {
      Map<NodeId, List<OfTask>> uses = new HashMap<>();
      for (Task task : tasks) {
        uses.computeIfAbsent(task.place().node(), fresh -> new ArrayList<>())
            .add(new OfTask(task.id().app(), task.cpus(), 0, task.place().resources()));
      }
      for (NodeRecord record : nodes.byId().values()) {
        var use = new NodeUse(at, CAPACITY, uses.getOrDefault(record.id(), List.of()));
        PressureGauge known = gauges.get(record.id());
        PressureGauge gauge =
            known == null ? PressureGauge.begin(use, record.pressure()) : known.read(use);
        gauges.put(record.id(), gauge);
        if (gauge.pressure().level() != record.pressure().level()) {
          nodes = nodes.with(record.under(gauge.pressure()));
        }
      }
    }

    double part() {
      return suffered / (double) served;
    }
  }

  @Test
  void tasksThatKeepToTheirRequestsSufferLess() {
    double without = 0;
    double with = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (boolean measured : new boolean[] {false, true}) {
        var cluster = new Cluster(seed, measured);
        cluster.run();
        without += measured ? 0 : cluster.part() / SEEDS;
        with += measured ? cluster.part() / SEEDS : 0;
      }
    }

    assertThat(with).isLessThan(0.7 * without);
  }
}
