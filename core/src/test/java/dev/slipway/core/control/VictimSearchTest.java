package dev.slipway.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What a search for victims costs that is in vain: `-Dslipway.nodes=10000` shows it for a large
/// cluster, of which each node is full with 20 instances that all may go.
class VictimSearchTest {
  private static final int NODES = Integer.getInteger("slipway.nodes", 200);
  private static final int EACH = 20;
  private static final int ROUNDS = 20;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Memory memory = new Memory();
  private State state = State.EMPTY;

  private void tell(Input input) {
    Decision decision = Decider.decide(state, input, NOW, memory);
    state = decision.after();
    var due = new TreeSet<PathId>();
    decision
        .wakeUps()
        .forEach(
            (app, at) -> {
              if (at.filter(NOW::equals).isPresent()) {
                due.add(app);
              }
            });
    if (!due.isEmpty()) {
      tell(new Input.Due(due));
    }
  }

  private static AppSpec app(String id, int instances, double cpus, int priority) {
    return SampleApps.sleeper(id).toBuilder()
        .instances(instances)
        .resources(Resources.of(cpus, 32, 0, 0))
        .upgradeStrategy(new UpgradeStrategy(0, 0))
        .scheduling(new Scheduling(List.of(), List.of(), List.of(), priority, false, false))
        .build();
  }

  private void put(AppSpec app) {
    var change = new AppChange(app.id(), before -> new AppChange.Result.Revised(app));
    tell(new Input.ChangeApps(List.of(change), Input.Expectation.ANY, true));
  }

  private static Node node(int number) {
    return new Node(
        new NodeId("n" + number),
        "n" + number,
        "10.0.%d.%d".formatted(number / 250, number % 250),
        Resources.of(EACH, 4096, 4096, 0),
        new PortRange(31000, 31999),
        new PortRange(1024, 30999),
        new TreeMap<>(Map.of("rack", "r" + number % 8)));
  }

  @Test
  void isMadeAgainOnlyWhereSomethingChanged() {
    tell(new Input.TakeLeadership(new Epoch(1), "p"));
    for (int i = 0; i < NODES; i++) {
      tell(new Input.NodeSeen(node(i)));
    }
    put(app("/a", NODES * EACH / 2, 1, 0));
    put(app("/b", NODES * EACH / 2, 1, 0));
    assertThat(state.waiting().isEmpty()).isTrue();

    AppSpec huge = app("/huge", 1, EACH + 1, 10);
    var tenancy = new Tenancy();
    long built = time(() -> tenancy.follow(state, NOW));
    Request request = Request.of(huge, 0);
    List<Long> searches = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      searches.add(
          time(
              () ->
                  assertThat(
                          Preemption.search(state, tenancy, Optional.empty(), request, NOW)
                              .least(tenancy.worthLooking(state, request)))
                      .isEmpty()));
    }
    tenancy.inVain(request);
    assertThat(tenancy.worthLooking(state, request)).isEmpty();

    put(huge);
    tell(new Input.NodeSeen(node(7).withRisk(DisruptionRisk.HIGH)));
    tenancy.follow(state, NOW);
    assertThat(tenancy.worthLooking(state, request)).containsExactly(new NodeId("n7"));

    List<Long> decisions = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      var due = new Input.Due(new TreeSet<>(List.of(PathId.of("/huge"))));
      decisions.add(time(() -> tell(due)));
    }
    assertThat(state.nominations().byInstance().isEmpty()).isTrue();
    if (NODES > EACH * EACH) {
      System.getLogger("victims")
          .log(
              System.Logger.Level.INFO,
              "{0} nodes: built in {1} us, searches {2} us, decisions {3} us",
              NODES,
              built,
              searches,
              decisions);
    }
  }

  /// In microseconds of processor time.
  private static long time(Runnable what) {
    long start = THREADS.getCurrentThreadCpuTime();
    what.run();
    return (THREADS.getCurrentThreadCpuTime() - start) / 1000;
  }
}
