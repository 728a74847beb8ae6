package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Nodes on which their engine wants no new tasks.
class ClosedNodeScenarioTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final Resources NODE = Resources.of(1, 512, 0, 0);
  private final Scenario story = Scenario.onNodes(2, NODE);

  private void close(String reason) {
    story.engine().offer(Scenario.node(1, NODE).closed(Optional.of(reason)));
    story.eventually("it is closed", () -> state() == NodeRecord.State.CLOSED);
  }

  private void open() {
    story.engine().offer(Scenario.node(1, NODE));
    story.eventually("it is open", () -> state() == NodeRecord.State.READY);
  }

  private NodeRecord.State state() {
    return story.state().node(N1).orElseThrow().state();
  }

  private List<InstanceId> on(NodeId node, String app) {
    return story.instances(app).stream()
        .filter(one -> one.place().filter(place -> place.node().equals(node)).isPresent())
        .map(Instance::id)
        .toList();
  }

  @Test
  void keepsItsTasksAndGetsNoNewOnes() {
    story.given(app("/web", 2).requesting(0.2, 32));
    List<InstanceId> there = on(N1, "/web");
    assertThat(there).hasSize(1);

    close("cordoned");
    story.given(app("/web", 6).requesting(0.2, 32));
    story.pass(Duration.ofMinutes(10));

    assertThat(on(N1, "/web")).isEqualTo(there);
    assertThat(story.running("/web")).isEqualTo(6);
    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
  }

  @Test
  void takesWhatWaitsAsSoonAsItIsOpenAgain() {
    close("memory pressure");
    story.when(app("/web", 6).requesting(0.2, 32).put());
    story.pass(Duration.ofMinutes(10));
    assertThat(story.running("/web")).isEqualTo(5);

    open();

    story.eventually("all run", () -> story.running("/web") == 6);
    assertThat(on(N1, "/web")).hasSize(1);
  }

  @Test
  void doesNotTakeBackATaskThatEnds() {
    story.given(app("/web", 2).requesting(0.2, 32));
    close("cordoned");
    InstanceId there = on(N1, "/web").getFirst();

    story.engine().exit(there.task(), 1);
    story.eventually("another runs", () -> story.running("/web") == 2 && on(N1, "/web").isEmpty());
  }

  @Test
  void keepsTheInstanceOfADaemonAndIsNotSentAnother() {
    story.given(app("/agent", 1).daemon());
    close("cordoned");
    story.pass(Duration.ofMinutes(10));
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2");
    assertThat(story.events(Event.KillOrdered.class)).isEmpty();

    story.given(app("/agent", 1).daemon().version("2"));
    assertThat(story.ready("/agent", "V", "2"))
        .as("an update waits for no closed node")
        .isEqualTo(1);
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2");

    InstanceId old = on(N1, "/agent").getFirst();
    story.engine().exit(old.task(), 1);
    story.pass(Duration.ofMinutes(10));
    assertThat(Standing.nodes(story)).containsExactly("n2");
    assertThat(story.state().waiting().containsKey(PathId.of("/agent"))).isFalse();

    open();
    story.eventually("it is everywhere", () -> story.ready("/agent", "V", "2") == 2);
  }

  @Test
  void anUpdateReplacesWhatItHoldsElsewhere() {
    story.given(app("/web", 2).requesting(0.2, 32));
    close("cordoned");

    story.given(app("/web", 2).requesting(0.2, 32).version("2"));

    assertThat(story.ready("/web", "V", "2")).isEqualTo(2);
    assertThat(on(N1, "/web")).isEmpty();
  }

  @Test
  void isNeitherEmptiedNorFilledByARebalancing() {
    story.given(app("/a", 1).requesting(0.2, 32));
    story.when(new Input.DrainNode(new NodeId("n2"), true));
    story.eventually("it moved", () -> on(N1, "/a").size() == 1);
    story.given(app("/b", 1).requesting(0.2, 32));
    story.when(new Input.DrainNode(new NodeId("n2"), false));
    story.when(new Input.DrainNode(N1, true));
    story.eventually("all moved", () -> on(N1, "/a").isEmpty() && on(N1, "/b").isEmpty());
    story.when(new Input.DrainNode(N1, false));
    story.given(app("/c", 1).requesting(0.8, 32));
    assertThat(on(N1, "/c")).hasSize(1);
    close("cordoned");
    int kills = story.events(Event.KillOrdered.class).size();

    story.when(new Input.Rebalance());
    story.pass(Duration.ofMinutes(10));

    assertThat(story.events(Event.InstanceMoveOrdered.class)).isEmpty();
    assertThat(story.events(Event.KillOrdered.class)).hasSize(kills);
  }

  @Test
  void keepsNoRoomForWhoeverIsToComeThere() {
    var small = Scenario.onNodes(1, NODE);
    small.given(app("/low", 1).requesting(1, 32).running("stubborn").upgrading(0, 0));
    small.when(app("/high", 1).requesting(1, 32).priority(10).put());
    assertThat(small.state().nominations().byInstance().isEmpty()).isFalse();

    small.engine().offer(Scenario.node(1, NODE).closed(Optional.of("cordoned")));
    small.eventually(
        "the room is kept no longer", () -> small.state().nominations().byInstance().isEmpty());
    small.pass(Duration.ofMinutes(10));

    assertThat(small.running("/high")).isZero();
  }
}
