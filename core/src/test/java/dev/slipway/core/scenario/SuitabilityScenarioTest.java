package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.LaunchRequest;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.node.Pressure.Level;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which of several nodes is chosen that would all do.
class SuitabilityScenarioTest {
  private static final Resources EACH = Resources.of(4, 4096, 4096, 0);
  private static final Pressure NOISY =
      new Pressure(Level.HIGH, "/noisy uses cpus 3.2 of 1 requested");

  private final Scenario story = Scenario.onNodes(2);

  private static AppBuilder tolerant(AppBuilder app) {
    return app.with(spec -> spec.scheduling(app.spec().scheduling().toleratingDisruption(true)));
  }

  private static AppBuilder fetching(AppBuilder app, String uri) {
    return app.with(
        spec ->
            spec.fetch(
                List.of(new Fetch(uri, true, false, true, Optional.empty(), Optional.empty()))));
  }

  private static AppBuilder small(String id) {
    return app(id, 1).requesting(0.01, 32);
  }

  private void risky(int number, DisruptionRisk risk) {
    story.engine().offer(Scenario.node(number, EACH).withRisk(risk));
    story.pass(Duration.ofSeconds(1));
  }

  private void press(String node, Pressure pressure) {
    story.when(new Input.NodePressureSeen(new NodeId(node), pressure));
  }

  private List<String> nodesOf(String id) {
    return story.instances(id).stream()
        .flatMap(instance -> instance.place().stream())
        .map(place -> place.node().value())
        .sorted()
        .toList();
  }

  @Test
  void appsKeepOffNodesThatMayVanishWhileOthersHaveRoom() {
    risky(1, DisruptionRisk.HIGH);

    story.given(app("/web", 4).requesting(1, 32));
    story.given(app("/more", 1).requesting(1, 32));

    assertThat(nodesOf("/web")).containsOnly("n2");
    assertThat(nodesOf("/more")).containsExactly("n1");
  }

  @Test
  void whoToleratesDisruptionLeavesTheSafeNodesToOthers() {
    risky(1, DisruptionRisk.LOW);
    risky(2, DisruptionRisk.NONE);
    risky(3, DisruptionRisk.HIGH);

    story.given(tolerant(app("/batch", 5).requesting(1, 32)));
    story.given(app("/web", 2).requesting(1, 32));

    assertThat(nodesOf("/batch")).containsExactly("n1", "n3", "n3", "n3", "n3");
    assertThat(nodesOf("/web")).containsExactly("n2", "n2");
  }

  @Test
  void amongNodesThatPackAlikeTheQuieterOneIsTaken() {
    press("n1", new Pressure(Level.LOW, "/noisy uses cpus 1.5 of 1 requested"));
    story.given(small("/one"));
    assertThat(nodesOf("/one")).containsExactly("n2");

    story.given(app("/large", 1).requesting(1, 32));
    assertThat(nodesOf("/large")).containsExactly("n2");
    story.given(app("/larger", 1).requesting(1, 32));
    assertThat(nodesOf("/larger")).containsExactly("n2");
  }

  @Test
  void aNodeOfTheHighestPressureIsTakenLast() {
    story.given(app("/large", 1).requesting(3, 32));
    assertThat(nodesOf("/large")).containsExactly("n1");
    press("n1", NOISY);

    story.given(app("/tight", 1).requesting(1, 32));
    assertThat(nodesOf("/tight")).containsExactly("n2");
    story.given(app("/rest", 4).requesting(1, 32));
    assertThat(nodesOf("/rest")).containsExactly("n1", "n2", "n2", "n2");
  }

  @Test
  void pressureNeverRefusesANode() {
    press("n1", NOISY);
    press("n2", NOISY);
    story.given(app("/web", 8).requesting(1, 32));
    assertThat(nodesOf("/web")).hasSize(8);
  }

  @Test
  void aPressureIsRecordedWhenItsLevelChanges() {
    press("n1", NOISY);
    press("n1", new Pressure(Level.HIGH, "/other uses cpus 4 of 1 requested"));
    press("n9", NOISY);
    press("n1", Pressure.NONE);

    assertThat(story.events(Event.NodePressureChanged.class))
        .extracting(Event.NodePressureChanged::pressure)
        .containsExactly(NOISY, Pressure.NONE);
  }

  @Test
  void theReasonsAreTold() {
    risky(1, DisruptionRisk.HIGH);
    press("n1", NOISY);
    story.given(app("/web", 1));

    assertThat(
            Placement.explain(
                story.state().nodes(),
                LaunchRequest.of(story.state(), app("/web", 1).spec()),
                story.instances("/web")))
        .extracting(NodeVerdict::detail)
        .containsExactly(
            "fits; would leave cpus 3.9, mem 4064 MiB, disk 4096 MiB; risk of disruption high;"
                + " pressure high: /noisy uses cpus 3.2 of 1 requested",
            "fits; would leave cpus 3.8, mem 4032 MiB, disk 4096 MiB");
  }

  @Test
  void anAppComesBackToWhereItsArtifactsAre() {
    story.given(small("/first"));
    assertThat(nodesOf("/first")).containsExactly("n1");
    story.engine().silence(new NodeId("n1"), true);
    story.given(fetching(small("/web"), "https://example.com/web.tar.gz"));
    story.given(small("/second"));
    assertThat(nodesOf("/web")).containsExactly("n2");
    assertThat(nodesOf("/second")).as("no node is empty, or it would be left so").contains("n2");
    story.engine().silence(new NodeId("n1"), false);
    story.given(small("/web").times(0));

    story.given(fetching(small("/again"), "https://example.com/web.tar.gz"));
    story.given(fetching(small("/other"), "https://example.com/other.tar.gz"));

    assertThat(nodesOf("/again")).containsExactly("n2");
    assertThat(nodesOf("/other")).containsExactly("n1");
  }
}
