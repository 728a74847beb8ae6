package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.state.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OvercommitScenarioTest {
  private static final NodeId N1 = new NodeId("n1");

  private final Scenario story = Scenario.onNodes(1, Resources.of(2, 512, 0, 0));

  @Test
  void letsAppsInThatWaitForProcessors() {
    story.when(app("/web", 4).requesting(1, 32).put());
    story.eventually("two run", () -> running("/web") == 2);
    story.pass(Duration.ofMinutes(1));
    assertThat(running("/web")).isEqualTo(2);

    story.when(offering(150));
    story.eventually("a third one runs", () -> running("/web") == 3);
    story.when(offering(200));
    story.eventually("all run", () -> running("/web") == 4);

    assertThat(node().offered()).isEqualTo(Resources.of(4, 512, 0, 0));
    assertThat(node().node().capacity()).isEqualTo(Resources.of(2, 512, 0, 0));
    assertThat(node().free().milliCpus()).isZero();
  }

  @Test
  void neverOffersMemoryTwice() {
    story.when(offering(1000));
    story.when(app("/web", 4).requesting(0.1, 200).put());
    story.pass(Duration.ofMinutes(1));

    assertThat(running("/web")).isEqualTo(2);
  }

  @Test
  void endsNobodyWhenLessIsOfferedAndLetsNobodyMoreIn() {
    story.when(offering(200));
    story.given(app("/web", 4).requesting(1, 32));

    story.when(offering(100));
    story.when(app("/late", 1).requesting(0.1, 32).put());
    story.when(app("/memory", 1).requesting(0, 32).put());
    story.pass(Duration.ofMinutes(1));

    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
    assertThat(running("/web")).isEqualTo(4);
    assertThat(running("/late")).isZero();
    assertThat(running("/memory")).as("it takes no processors").isEqualTo(1);
    assertThat(node().free().milliCpus()).isEqualTo(-2000);

    story.when(app("/web", 1).requesting(1, 32).put());
    story.eventually("there is room again", () -> running("/late") == 1);
  }

  @Test
  void holdsForNodesThatComeLater() {
    story.when(offering(150));
    story.when(new Input.NodeSeen(Scenario.node(2, Resources.of(2, 512, 0, 0))));

    assertThat(story.state().node(new NodeId("n2")).orElseThrow().offered().milliCpus())
        .isEqualTo(3000);
  }

  private static Input.SetPlacementPolicy offering(int percent) {
    return Input.SetPlacementPolicy.to(PlacementPolicy.DEFAULT.withCpuOvercommit(percent));
  }

  private NodeRecord node() {
    return story.state().node(N1).orElseThrow();
  }

  private int running(String app) {
    return story.ready(app);
  }
}
