package dev.slipway.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// When an app is seen to be as it should from its tally alone.
class SteadyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final PathId APP = PathId.of("/a");
  private State state = State.EMPTY;

  @Test
  void isSoAgainAfterAMachineWasLostForGood() {
    take(new Input.TakeLeadership(new Epoch(1), "p"));
    List.of("n1", "n2", "n3").forEach(name -> take(new Input.NodeSeen(machine(name))));
    put(APP);
    assertThat(isSteady()).isTrue();

    take(new Input.NodeSilent(new NodeId("n1"), "no answer"));
    run();

    assertThat(state.tally(APP).givenUp()).isEqualTo(2);
    assertThat(isSteady()).isTrue();
    assertThat(Steady.isSatisfied(state, state.formation(APP).orElseThrow())).isTrue();
  }

  @Test
  void isSoBesideANodeThatIsEmptiedOfOthers() {
    take(new Input.TakeLeadership(new Epoch(1), "p"));
    take(new Input.NodeSeen(machine("n1")));
    put(PathId.of("/b"));
    take(new Input.NodeSeen(machine("n2")));
    take(new Input.DrainNode(new NodeId("n1"), true));
    take(new Input.NodeSilent(new NodeId("n1"), "no answer"));
    put(APP);

    assertThat(state.node(new NodeId("n1")).orElseThrow().instances().isEmpty()).isFalse();
    assertThat(isSteady()).isTrue();
  }

  private boolean isSteady() {
    return Steady.isSteady(state, state.formation(APP).orElseThrow());
  }

  /// Six instances of an app that run.
  private void put(PathId app) {
    AppSpec spec =
        SampleApps.sleeper(app.toString()).toBuilder()
            .instances(6)
            .resources(Resources.of(0.1, 32, 0, 0))
            .unreachableStrategy(UnreachableStrategy.DEFAULT)
            .build();
    var change = new AppChange(app, current -> new AppChange.Result.Revised(spec));
    take(new Input.ChangeApps(List.of(change), Input.Expectation.ANY, false));
    run();
  }

  private void run() {
    List<Instance> launched = new ArrayList<>();
    state
        .instances()
        .values()
        .forEach(
            all ->
                all.values()
                    .forEach(
                        one -> {
                          if (one.condition() == Condition.PROVISIONED) {
                            launched.add(one);
                          }
                        }));
    for (Instance one : launched) {
      var node = one.place().orElseThrow().node();
      var seen = new TaskObservation(one.id().task(), node, NOW, new Status.Running());
      take(new Input.TaskSeen(seen));
    }
  }

  private void take(Input input) {
    state = Decider.decide(state, input, NOW).after();
  }

  private static Node machine(String name) {
    return new Node(
        new NodeId(name),
        name,
        name,
        Resources.of(100, 1_000_000, 0, 0),
        new PortRange(31000, 31999),
        new PortRange(1024, 30999),
        new TreeMap<>());
  }
}
