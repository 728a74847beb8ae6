package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.control.Input;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A server that starts after the clock was set back finds records of times that are still to come.
/// Nothing waits until the clock is where it was.
class ClockScenarioTest {
  private static final Duration HOURS = Duration.ofHours(9);

  @Test
  void ordersAreGivenAgain() {
    var story = Scenario.onNodes(1);
    story.given(app("/web", 1));
    story.engine().deaf(true);
    story.when(new Input.RemoveApp(PathId.of("/web"), false));

    setBack(story);
    story.engine().deaf(false);

    story.pass(Duration.ofSeconds(40));
    assertThat(story.engine().alive()).isEmpty();
  }

  @Test
  void delaysBeginAnew() {
    var story = Scenario.onNodes(1);
    story.when(app("/web", 1).running("crash").backingOff(10, 1, 60).put());
    story.eventually("it failed", () -> story.failures("/web") == 1);

    setBack(story);

    story.pass(Duration.ofSeconds(40));
    assertThat(story.failures("/web")).isGreaterThan(2);
  }

  @Test
  void patienceWithASilentNodeEnds() {
    var story = Scenario.onNodes(2);
    story.given(app("/web", 2).waitingFor(Duration.ofSeconds(60), Duration.ofSeconds(120)));
    story.engine().silence(new NodeId("n1"), true);

    setBack(story);

    story.pass(Duration.ofSeconds(90));
    assertThat(story.running("/web")).isEqualTo(2);
    story.pass(Duration.ofSeconds(60));
    assertThat(story.instances("/web"))
        .filteredOn(instance -> instance.condition() == Condition.KILLING)
        .hasSize(1);
  }

  @Test
  void deadlinesCount() {
    var story = Scenario.onNodes(1);
    var rollout =
        new Rollout(
            Optional.empty(), Optional.of(Duration.ofSeconds(30)), Rollout.OnFailure.ROLLBACK);
    story.when(
        app("/web", 1).running("mute").withHealthCheck().with(app -> app.rollout(rollout)).put());
    story.pass(Duration.ofSeconds(5));

    setBack(story);

    story.pass(Duration.ofSeconds(60));
    assertThat(story.state().ended())
        .extracting(Deployment.Ended::outcome)
        .contains(Deployment.Outcome.FAILED);
  }

  @Test
  void picturesAreBelieved() {
    var story = Scenario.onNodes(1);
    story.given(app("/web", 2));
    setBack(story);
    var lost = story.engine().alive();

    story.engine().reboot();
    story.picture();

    story.pass(Duration.ofSeconds(10));
    assertThat(story.running("/web")).isEqualTo(2);
    assertThat(story.engine().alive()).doesNotContainAnyElementsOf(lost);
  }

  private static void setBack(Scenario story) {
    story.clockJumps(HOURS.negated());
    story.restart();
  }
}
