package dev.slipway.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.State;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The most that an app may ask of a thousand nodes holds nobody up: each decision is a short one,
/// and what is left goes on in the next.
class WorstAppTest {
  private static final int NODES = 1000;
  private static final int INSTANCES = 2000;

  /// What the API lets through, of constraints and of preferences each.
  private static final int MOST = 100;

  /// Of regular expressions, in both together.
  private static final int MOST_EXPRESSIONS = 20;

  private static final Duration MOMENT = Duration.ofMillis(100);

  /// The first ones warm the machine up.
  private static final int ROUNDS = 10;

  private static final int MOST_DECISIONS = 1000;
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final PathId APP = PathId.of("/worst");

  /// Each text takes nearly as many steps as one may.
  private static final String COSTLY = "(a|b|ab)*(.*)(.*)(.*)[a-z0-9]*";

  private static State nodes() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(
          new Node(
              new NodeId("n" + i),
              "ab".repeat(20) + i,
              "10.0.0." + i,
              Resources.of(64, 65_536, 10_000, 0),
              new PortRange(31000, 32000),
              new PortRange(1, 1024),
              new TreeMap<>(Map.of("zone", "z" + i % 3, "rack", "r" + i % 40))));
    }
    State empty =
        Decider.decide(State.EMPTY, new Input.TakeLeadership(new Epoch(1), "p"), NOW).after();
    return Decider.decide(empty, new Input.EngineSeen(new EnginePicture(nodes, List.of())), NOW)
        .after();
  }

  private static AppSpec app(String kind) {
    List<Constraint> constraints = new ArrayList<>();
    List<Preference> preferences = new ArrayList<>();
    int most = kind.equals("expressions") ? MOST_EXPRESSIONS / 2 : MOST;
    for (int i = 0; i < most; i++) {
      Constraint one =
          switch (kind) {
            case "expressions" ->
                new Constraint("hostname", Operator.LIKE, Optional.of(COSTLY + "|x" + i));
            case "groups" ->
                new Constraint(
                    i == 0 ? "hostname" : "@hostname", Operator.GROUP_BY, Optional.empty());
            case "limits" ->
                new Constraint("hostname", Operator.MAX_PER, Optional.of("" + (i + 3)));
            default -> new Constraint("unknown" + i, Operator.UNIQUE, Optional.empty());
          };
      constraints.add(one);
      preferences.add(new Preference(one, i + 1));
    }
    List<Scheduling.Spread> spread = new ArrayList<>();
    List<Scheduling.Affinity> apart = new ArrayList<>();
    for (int i = 0; i < Scheduling.MOST_RULES; i++) {
      spread.add(
          new Scheduling.Spread(i % 2 == 0 ? "rack" : "hostname", 900 + i, OptionalInt.empty()));
      apart.add(new Scheduling.Affinity(PathId.of("/other" + i), "rack", OptionalInt.of(1)));
    }
    AppSpec one = SampleApps.sleeper("/worst");
    return one.toBuilder()
        .resources(Resources.of(0.1, 1, 0, 0))
        .instances(INSTANCES)
        .dependencies(new TreeSet<>())
        .constraints(constraints)
        .preferences(preferences)
        .scheduling(new Scheduling(spread, apart, apart, 0, false, false))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"expressions", "groups", "limits", "unknown"})
  void noDecisionTakesLong(String kind) {
    Duration slowest = Duration.ofDays(1);
    for (int round = 0; round < ROUNDS && slowest.compareTo(MOMENT) > 0; round++) {
      slowest = slowest(app(kind));
    }
    assertThat(slowest).isLessThan(MOMENT);
  }

  /// The processor time of the slowest decision until nothing is left to decide.
  private static Duration slowest(AppSpec app) {
    var change = new AppChange(APP, before -> new AppChange.Result.Revised(app));
    var memory = new Memory();
    var threads = ManagementFactory.getThreadMXBean();
    State state = nodes();
    Input input = new Input.ChangeApps(List.of(change), Input.Expectation.ANY, true);
    long slowest = 0;
    for (int decisions = 0; decisions < MOST_DECISIONS; decisions++) {
      long begun = threads.getCurrentThreadCpuTime();
      Decision decision = Decider.decide(state, input, NOW, memory);
      slowest = Math.max(slowest, threads.getCurrentThreadCpuTime() - begun);
      state = decision.after();
      if (decision.wakeUps().values().stream()
          .flatMap(Optional::stream)
          .noneMatch(at -> !at.isAfter(NOW))) {
        return Duration.ofNanos(slowest);
      }
      input = new Input.Due(new TreeSet<>(List.of(APP)));
    }
    throw new AssertionError("it is never done");
  }
}
