package dev.slipway.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes that nobody could decide by are refused where they are made, and amounts that no node has
/// only wait.
class BadNodesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final PathId APP = PathId.of("/a");

  private static Node node(String id, Resources capacity, Map<String, String> attributes) {
    return new Node(
        new NodeId(id),
        id,
        id,
        capacity,
        new PortRange(31000, 31003),
        new PortRange(80, 90),
        new TreeMap<>(attributes));
  }

  private static Node node(String id, double cpus) {
    return node(id, Resources.of(cpus, 1024, 1024, 0), Map.of());
  }

  private static State leading() {
    return Decider.decide(State.EMPTY, new Input.TakeLeadership(new Epoch(1), "p"), NOW).after();
  }

  private static Decision seen(State state, Node... nodes) {
    return Decider.decide(
        state, new Input.EngineSeen(new EnginePicture(List.of(nodes), List.of())), NOW);
  }

  @Test
  void aNodeHasNoLessThanNothing() {
    assertThatThrownBy(() -> node("n1", new Resources(-1, 0, 0, 0), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the cpus of a node lie within 0 to");
    assertThatThrownBy(() -> node("n1", new Resources(0, 0, 0, -1000), Map.of()))
        .hasMessageContaining("gpus");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e308, 1e15, Double.POSITIVE_INFINITY, Double.NaN})
  void aNodeHasNoMoreThanAdditionStands(double memory) {
    assertThatThrownBy(() -> node("n1", Resources.of(1, memory, 0, 0), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNodeHasFewAndShortAttributes() {
    var many = new TreeMap<String, String>();
    for (int i = 0; i <= Node.MOST_ATTRIBUTES; i++) {
      many.put("a" + i, "");
    }
    assertThatThrownBy(() -> node("n1", Resources.NONE, many))
        .hasMessage("node n1 has more than 1000 attributes");
    assertThatThrownBy(() -> node("n1", Resources.NONE, Map.of("a", "x".repeat(1025))))
        .hasMessageContaining("at most 1024 characters");
  }

  @Test
  void ofANodeThatIsOfferedTwiceInOnePictureTheFirstHolds() {
    Decision first = seen(leading(), node("n1", 2), node("n1", 1), node("n2", 1));
    assertThat(first.events()).hasSize(2).allMatch(event -> event instanceof Event.NodeSeen);
    assertThat(first.after().node(new NodeId("n1")).orElseThrow().node().capacity().milliCpus())
        .isEqualTo(2000);
    assertThat(seen(first.after(), node("n1", 2), node("n1", 1), node("n2", 1)).events())
        .as("nothing to tell the next time")
        .isEmpty();
  }

  @Test
  void anAppThatAsksForMoreThanNumbersHoldWaits() {
    State state = seen(leading(), node("n1", 2)).after();
    Resources huge = new Resources(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 2500);
    AppSpec app =
        SampleApps.sleeper("/a").toBuilder().dependencies(new TreeSet<>()).resources(huge).build();
    var change = new AppChange(APP, before -> new AppChange.Result.Revised(app));
    Decision decision =
        Decider.decide(
            state, new Input.ChangeApps(List.of(change), Input.Expectation.ANY, true), NOW);

    assertThat(decision.reply()).isInstanceOf(Reply.Deploying.class);
    assertThat(decision.after().waiting().containsKey(APP)).isTrue();
    assertThat(decision.events()).noneMatch(event -> event instanceof Event.InstancePlaced);
  }
}
