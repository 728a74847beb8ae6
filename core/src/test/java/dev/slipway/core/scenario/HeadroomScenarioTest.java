package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.placement.Headroom;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.placement.Placer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeadroomScenarioTest {
  private static final Resources ROOM = Resources.of(2, 200, 0, 0);

  private final Scenario story = Scenario.onNodes(2, ROOM);

  @Test
  void isKeptFreeOfLowPrioritiesAndUsedByOthers() {
    story.when(keeping(2, Resources.of(1, 100, 0, 0)));
    story.when(low(app("/batch", 4).requesting(1, 32)).put());
    story.pass(Duration.ofMinutes(1));
    assertThat(story.ready("/batch")).as("the other two would take it").isEqualTo(2);
    assertThat(missing()).containsExactly(Map.entry("web", 0));

    story.when(app("/web", 1).requesting(1, 100).put());
    story.eventually("it may use it", () -> story.ready("/web") == 1);
    assertThat(missing()).containsExactly(Map.entry("web", 1));
    story.pass(Duration.ofMinutes(1));
    assertThat(story.ready("/batch")).isEqualTo(2);

    story.when(Input.SetPlacementPolicy.to(PlacementPolicy.DEFAULT));
    story.eventually("nothing is kept any more", () -> story.ready("/batch") == 3);
  }

  @Test
  void movesAwayFromWhereOneHasToStand() {
    story.when(keeping(1, ROOM));
    for (String node : List.of("n1", "n2")) {
      var batch =
          app("/batch-" + node, 1)
              .requesting(1, 32)
              .constrained("hostname", Constraint.Operator.CLUSTER, hostname(node));
      story.when(low(batch).put());
    }
    story.pass(Duration.ofMinutes(1));

    assertThat(story.ready("/batch-n1") + story.ready("/batch-n2"))
        .as("one node stays empty, whichever it is")
        .isEqualTo(1);
    assertThat(missing()).containsExactly(Map.entry("web", 0));
  }

  @Test
  void whatFitsNowhereKeepsNobodyAway() {
    story.when(keeping(5, Resources.of(3, 10, 0, 0)));
    story.when(low(app("/batch", 4).requesting(1, 32)).put());

    story.eventually("all run", () -> story.ready("/batch") == 4);
    assertThat(missing()).containsExactly(Map.entry("web", 5));
  }

  @Test
  void endsNobodyWhoRunsAlready() {
    story.given(low(app("/batch", 4).requesting(1, 32)));

    story.when(keeping(2, ROOM));
    story.pass(Duration.ofMinutes(1));
    assertThat(story.ready("/batch")).isEqualTo(4);
    assertThat(missing()).containsExactly(Map.entry("web", 2));

    story.when(low(app("/batch", 2).requesting(1, 32)).put());
    story.pass(Duration.ofMinutes(1));
    story.when(low(app("/more", 4).requesting(1, 32)).put());
    story.pass(Duration.ofMinutes(1));
    assertThat(missing().get("web")).isLessThanOrEqualTo(2);
  }

  private SortedMap<String, Integer> missing() {
    var classes = story.state().placementPolicy().headroom();
    return new Headroom(classes, new Placer()).missing(story.state().nodes());
  }

  private String hostname(String node) {
    return story
        .state()
        .node(new dev.slipway.core.node.NodeId(node))
        .orElseThrow()
        .node()
        .hostname();
  }

  private static Input.SetPlacementPolicy keeping(int count, Resources each) {
    return Input.SetPlacementPolicy.to(
        PlacementPolicy.DEFAULT.withHeadroom(
            new TreeMap<>(Map.of("web", new HeadroomClass(count, each, List.of())))));
  }

  private static AppBuilder low(AppBuilder app) {
    return app.priority(-1);
  }
}
