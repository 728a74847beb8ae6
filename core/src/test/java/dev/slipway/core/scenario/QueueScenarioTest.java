package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static dev.slipway.core.scenario.GroupBuilder.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Backlog;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Limits;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Wishes that wait instead of being refused, and clients that ask for the same twice.
class QueueScenarioTest {
  private static final PathId WEB = PathId.of("/web");
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 2).withHealthCheck().version("1");

  @Test
  void waitsForTheDeploymentThatHoldsItsAppAndThenStarts() {
    Reply first = story.when(web.running("slow").put());
    Reply second = story.when(web.running("run").version("2").queued());

    assertThat(story.state().plans().queue()).hasSize(1);
    assertThat(blockers(second)).containsExactly(id(first));
    assertThat(story.state().app(WEB).orElseThrow().spec().env()).containsEntry("V", "1");

    settled();
    assertThat(story.ready("/web", "V", "2")).isEqualTo(2);
    assertThat(outcome(first)).contains(Deployment.Outcome.SUCCEEDED);
    assertThat(outcome(second)).contains(Deployment.Outcome.SUCCEEDED);
    assertThat(story.state().plans().queue()).isEmpty();
  }

  @Test
  void waitsInTheOrderInWhichTheyCame() {
    story.when(web.running("slow").put());
    Reply second = story.when(web.version("2").queued());
    Reply third = story.when(web.version("3").times(3).queued());
    assertThat(blockers(third)).hasSize(2).contains(id(second));

    settled();
    assertThat(outcome(second)).contains(Deployment.Outcome.SUCCEEDED);
    assertThat(story.ready("/web", "V", "3")).isEqualTo(3);
  }

  @Test
  void startsAtOnceWhenNothingIsInTheWay() {
    story.when(web.queued());
    assertThat(story.state().plans().queue()).isEmpty();
    settled();
    assertThat(story.ready("/web")).isEqualTo(2);
  }

  @Test
  void isNotForgottenWhenTheServerIsStartedAgain() {
    story.when(web.running("slow").put());
    story.when(web.running("run").version("2").queued());
    story.restart();
    assertThat(story.state().plans().queue()).hasSize(1);

    settled();
    assertThat(story.ready("/web", "V", "2")).isEqualTo(2);
  }

  @Test
  void endsWithTheReasonWhenItsAppWasChangedMeanwhile() {
    story.given(web);
    Reply update = story.when(web.running("mute").version("2").put());
    Reply queued = story.when(web.version("3").queued());

    story.when(new Input.CancelDeployment(id(update), false));

    settled();
    assertThat(outcome(queued)).contains(Deployment.Outcome.FAILED);
    assertThat(ended(queued).orElseThrow().reason())
        .isEqualTo("app /web was changed while this waited");
    assertThat(story.ready("/web", "V", "1")).isEqualTo(2);
  }

  @Test
  void canBeCancelled() {
    Reply first = story.when(web.running("slow").put());
    Reply queued = story.when(web.version("2").queued());

    Reply answer = story.when(new Input.CancelDeployment(id(queued), false));

    assertThat(answer).isInstanceOf(Reply.Done.class);
    settled();
    assertThat(outcome(first)).contains(Deployment.Outcome.SUCCEEDED);
    assertThat(outcome(queued)).contains(Deployment.Outcome.CANCELLED);
    assertThat(story.ready("/web", "V", "1")).isEqualTo(2);
  }

  @Test
  void queuesRemovalsRestartsAndGroupsToo() {
    var shop = group("/shop").with(app("/shop/a", 1).running("slow").withHealthCheck());
    story.when(shop.put());
    story.when(new Input.RestartApp(PathId.of("/shop/a"), new Input.Terms(false, true, false)));
    story.when(new Input.RemoveGroup(PathId.of("/shop"), new Input.Terms(false, true, false)));
    assertThat(story.state().plans().queue()).hasSize(2);

    settled();
    assertThat(story.state().root().groups().size()).isEqualTo(1);
    assertThat(story.engine().alive()).isEmpty();
    assertThat(story.state().ended())
        .hasSize(3)
        .allMatch(ended -> ended.outcome() == Deployment.Outcome.SUCCEEDED);
  }

  @Test
  void refusesMoreThanFit() {
    story.when(web.running("mute").put());
    for (int i = 0; i < Limits.QUEUED; i++) {
      story.when(web.version("v" + i).queued());
    }
    assertThat(story.when(web.version("last").queued())).isInstanceOf(Reply.TooMany.class);
  }

  @Test
  void tellsWhichAppsAreHeldWhenItDoesNotWait() {
    var other = app("/other", 1);
    story.given(other);
    Reply first = story.when(web.running("mute").put());

    Reply refused = story.when(group("/").with(web.version("2"), other.version("2")).put());

    assertThat(refused).isEqualTo(new Reply.Locked(List.of(id(first)), List.of(WEB)));
  }

  @Test
  void namesTheDeploymentThatAlreadyLeadsThere() {
    Reply first = story.when(web.running("slow").put());

    assertThat(id(story.when(web.running("slow").put()))).isEqualTo(id(first));
    assertThat(id(story.when(web.running("slow").force()))).isEqualTo(id(first));
    Reply queued = story.when(web.version("2").queued());
    assertThat(id(story.when(web.version("2").queued()))).isEqualTo(id(queued));

    story.pass(Duration.ofMinutes(10));
    assertThat(outcome(first)).contains(Deployment.Outcome.SUCCEEDED);
    assertThat(id(story.when(web.version("2").put()))).isNotEqualTo(id(queued));
  }

  private void settled() {
    story.eventually(
        "all is settled",
        () -> story.state().deployments().isEmpty() && story.state().plans().queue().isEmpty());
  }

  private List<DeploymentId> blockers(Reply reply) {
    return story.state().plans().queue().stream()
        .filter(queued -> queued.id().equals(id(reply)))
        .findFirst()
        .map(queued -> Backlog.blockers(story.state(), queued))
        .orElseThrow();
  }

  private static DeploymentId id(Reply reply) {
    return ((Reply.Deploying) reply).deployment();
  }

  private Optional<Deployment.Ended> ended(Reply reply) {
    return story.state().ended().stream()
        .filter(ended -> ended.deployment().id().equals(id(reply)))
        .findFirst();
  }

  private Optional<Deployment.Outcome> outcome(Reply reply) {
    return ended(reply).map(Deployment.Ended::outcome);
  }
}
