package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nodes that hold only so many tasks, whatever these request.
class TaskLimitScenarioTest {
  private static final Resources NODE = Resources.of(4, 4096, 0, 0);
  private final Scenario story = Scenario.onNodes(0);

  @BeforeEach
  void neverMoreThanTheLimit() {
    node(1, 3);
    node(2, 2);
    story.promise(
        "no node holds more than it takes",
        () -> {
          for (NodeRecord record : story.state().nodes().byId().values()) {
            if (record.places() < 0) {
              return false;
            }
          }
          return true;
        });
  }

  private void node(int number, int tasks) {
    story.engine().offer(Scenario.node(number, NODE).holding(OptionalInt.of(tasks)));
    story.pass(Duration.ofSeconds(1));
  }

  private int on(String node) {
    return story.state().node(new NodeId(node)).orElseThrow().instances().size();
  }

  @Test
  void takeAsManyAsTheyMayAndNoMore() {
    story.when(app("/web", 9).put());
    story.pass(Duration.ofMinutes(10));

    assertThat(story.running("/web")).isEqualTo(5);
    assertThat(on("n1")).isEqualTo(3);
    assertThat(on("n2")).isEqualTo(2);

    node(2, 6);
    story.eventually("all run", () -> story.running("/web") == 9);
  }

  @Test
  void countWhatIsBeingEndedAsLongAsItIsThere() {
    story.given(app("/old", 5).running("stubborn"));
    story.when(app("/old", 0).running("stubborn").put());
    story.when(app("/web", 5).put());
    assertThat(story.running("/web")).isZero();

    story.eventually("all run", () -> story.running("/web") == 5);
  }

  @Test
  void updateWithinTheLimit() {
    story.given(app("/web", 5).upgrading(0.5, 0));

    story.given(app("/web", 5).upgrading(0.5, 0).version("2"));

    assertThat(story.ready("/web", "V", "2")).isEqualTo(5);
  }

  @Test
  void keepWhatTheyHoldWhenTheLimitIsLowered() {
    var lowered = Scenario.onNodes(1, NODE);
    lowered.given(app("/web", 4));

    lowered.engine().offer(Scenario.node(1, NODE).holding(OptionalInt.of(2)));
    lowered.pass(Duration.ofMinutes(10));

    assertThat(lowered.running("/web")).isEqualTo(4);
    assertThat(lowered.state().node(new NodeId("n1")).orElseThrow().places()).isEqualTo(-2);
    assertThat(lowered.events(Event.KillOrdered.class)).isEmpty();
  }

  @Test
  void giveOneVictimsPlaceToOneOfHigherPriority() {
    story.given(app("/low", 5).upgrading(0, 0));

    story.given(app("/high", 1).priority(10));

    assertThat(story.running("/high")).isEqualTo(1);
    assertThat(story.running("/low")).isEqualTo(4);
    assertThat(story.events(Event.KillOrdered.class))
        .extracting(order -> order.kill().reason())
        .containsExactly(KillReason.PREEMPTED);
  }

  @Test
  void placeAGangWholeOrNotAtAll() {
    story.when(app("/gang", 6).gang().put());
    story.pass(Duration.ofMinutes(10));
    assertThat(story.running("/gang")).isZero();

    story.when(app("/web", 1).put());
    story.when(app("/gang", 4).gang().force());
    story.eventually("all four run", () -> story.running("/gang") == 4);
  }

  @Test
  void keepPlacesFreeAsHeadroom() {
    var slots = new HeadroomClass(2, Resources.of(0.1, 32, 0, 0), List.of());
    story.when(
        Input.SetPlacementPolicy.to(
            PlacementPolicy.DEFAULT.withHeadroom(new TreeMap<>(Map.of("spare", slots)))));
    story.when(app("/batch", 5).priority(-1).put());
    story.pass(Duration.ofMinutes(10));
    assertThat(story.running("/batch")).isEqualTo(3);

    story.when(app("/web", 2).put());
    story.eventually("they have the slots", () -> story.running("/web") == 2);
    assertThat(story.running("/batch")).isEqualTo(3);
  }

  @Test
  void sendADaemonWhereThereIsAPlace() {
    story.given(app("/full", 3).constrained("rack", Operator.IS, "r1"));
    story.when(app("/agent", 1).daemon().put());
    story.pass(Duration.ofMinutes(10));
    assertThat(Standing.nodes(story)).containsExactly("n2");

    node(1, 4);
    story.eventually("it is everywhere", () -> Standing.nodes(story).size() == 2);
  }
}
