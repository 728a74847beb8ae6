package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static dev.slipway.core.scenario.GroupBuilder.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.Rollout.OnFailure;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A deployment can fail, and going back keeps what still runs (Marathon's users asked for both).
class RolloutScenarioTest {
  private static final PathId WEB = PathId.of("/web");
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 4).withHealthCheck().version("1");

  @Test
  void goesBackWhenNothingMovesForTooLong() {
    story.given(web.upgrading(0.5, 0));
    var bad = web.upgrading(0.5, 0).version("2").running("unhealthy");
    story.promise("half of them serve", () -> story.ready("/web") >= 2);

    Reply update = story.when(failing(bad, 60, OnFailure.ROLLBACK).put());

    story.eventually(
        "it has failed",
        () -> outcome(update).filter(Deployment.Outcome.FAILED::equals).isPresent());
    settled();
    assertThat(story.ready("/web", "V", "1")).isEqualTo(4);
    assertThat(story.state().app(WEB).orElseThrow().spec().env()).containsEntry("V", "1");
    assertThat(story.events(Event.DeploymentFailed.class))
        .singleElement()
        .satisfies(
            failed ->
                assertThat(failed.failure().reason())
                    .startsWith("/web came no further for 60 s: 0 of 4 instances are ready"));
    assertThat(reason(update)).contains("came no further").contains("changed back by");
  }

  @Test
  void keepsTheOldInstancesThatAreLeftWhenItGoesBack() {
    story.given(web.upgrading(0.5, 0));
    Set<InstanceId> before = ids();

    story.when(
        failing(web.upgrading(0.5, 0).version("2").running("mute"), 60, OnFailure.ROLLBACK).put());
    story.eventually("it has failed", () -> !story.events(Event.DeploymentFailed.class).isEmpty());
    settled();

    assertThat(story.ready("/web", "V", "1")).isEqualTo(4);
    // Two had given way before it stood still; the two others never ended.
    assertThat(ids()).filteredOn(before::contains).hasSize(2);
  }

  @Test
  void keepsOldInstancesAlsoWhenTheirVersionIsDeployedAnew() {
    story.given(web.upgrading(0.5, 0));
    Set<InstanceId> before = ids();
    story.when(web.upgrading(0.5, 0).version("2").running("mute").put());
    story.pass(Duration.ofMinutes(1));
    story.promise("half of them serve", () -> story.ready("/web") >= 2);

    story.when(web.upgrading(0.5, 0).times(5).force());

    settled();
    assertThat(story.ready("/web", "V", "1")).isEqualTo(5);
    assertThat(ids()).filteredOn(before::contains).hasSize(2);
  }

  @Test
  void pausesUntilSomebodyDecidesToGoOn() {
    story.given(web);
    Reply update = story.when(failing(web.version("2").running("slow"), 30, OnFailure.PAUSE).put());
    story.eventually("it is paused", () -> deployment(update).isPaused());
    int old = story.ready("/web", "V", "1");

    story.pass(Duration.ofMinutes(10));
    assertThat(deployment(update).isPaused()).isTrue();
    assertThat(story.ready("/web", "V", "1")).isEqualTo(old);

    story.when(new Input.ResumeDeployment(id(update)));
    settled();
    assertThat(outcome(update)).contains(Deployment.Outcome.SUCCEEDED);
    assertThat(story.ready("/web", "V", "2")).isEqualTo(4);
  }

  @Test
  void goesBackFromAPauseOnRequest() {
    story.given(web);
    Reply update = story.when(failing(web.version("2").running("mute"), 30, OnFailure.PAUSE).put());
    story.eventually("it is paused", () -> deployment(update).isPaused());

    story.when(new Input.CancelDeployment(id(update), false));

    settled();
    assertThat(outcome(update)).contains(Deployment.Outcome.ROLLED_BACK);
    assertThat(story.ready("/web", "V", "1")).isEqualTo(4);
    assertThat(story.state().ended())
        .filteredOn(ended -> ended.deployment().id().equals(id(update)))
        .allMatch(ended -> ended.deployment().course().failure().isPresent());
  }

  @Test
  void onlySaysSoWhereNothingElseIsWanted() {
    story.given(web);
    Reply update = story.when(failing(web.version("2").running("slow"), 30, OnFailure.NONE).put());

    settled();
    assertThat(story.events(Event.DeploymentFailed.class)).hasSize(1);
    assertThat(outcome(update)).contains(Deployment.Outcome.SUCCEEDED);
    assertThat(story.ready("/web", "V", "2")).isEqualTo(4);
  }

  @Test
  void doesNotFailWhileItMovesOrWithoutADeadline() {
    story.given(web);
    // Each needs a minute, and at most one is added at a time.
    var slow = web.upgrading(1, 0).version("2").running("slow");
    story.when(failing(slow, 90, OnFailure.ROLLBACK).put());
    settled();
    assertThat(story.ready("/web", "V", "2")).isEqualTo(4);

    story.when(web.version("3").running("mute").put());
    story.pass(Duration.ofHours(2));
    assertThat(story.state().deployments().size()).isEqualTo(1);
    assertThat(story.events(Event.DeploymentFailed.class)).isEmpty();
  }

  @Test
  void isNotDeceivedByInstancesThatStartAndCrash() {
    var crashing = app("/web", 2).running("crash").backingOff(1, 1, 1).version("1");
    Reply reply = story.when(failing(crashing, 60, OnFailure.ROLLBACK).put());

    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    // Both ran at once for a moment, so without a health check this is what success is.
    assertThat(outcome(reply)).isPresent();

    var one = app("/other", 2).running("crash").withHealthCheck().backingOff(1, 1, 1);
    Reply checked = story.when(failing(one, 60, OnFailure.ROLLBACK).put());
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(outcome(checked)).contains(Deployment.Outcome.FAILED);
    assertThat(story.state().app(PathId.of("/other"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 29, 45})
  void remembersItsDeadlineWhenTheServerIsStartedAgain(int seconds) {
    story.given(web);
    Reply update =
        story.when(failing(web.version("2").running("mute"), 60, OnFailure.ROLLBACK).put());
    story.pass(Duration.ofSeconds(seconds));
    story.restart();
    story.pass(Duration.ofSeconds(70 - seconds));

    assertThat(outcome(update)).contains(Deployment.Outcome.FAILED);
    settled();
    assertThat(story.ready("/web", "V", "1")).isEqualTo(4);
  }

  @Test
  void doesNotGoBackFromGoingBack() {
    story.given(failing(web, 30, OnFailure.ROLLBACK));
    Reply update =
        story.when(failing(web.version("2").running("mute"), 30, OnFailure.ROLLBACK).put());
    story.pass(Duration.ofSeconds(20));
    story.engine().silence(new dev.slipway.core.node.NodeId("n1"), true);
    story.engine().silence(new dev.slipway.core.node.NodeId("n2"), true);
    story.engine().silence(new dev.slipway.core.node.NodeId("n3"), true);
    story.eventually("it has failed", () -> outcome(update).isPresent());
    story.pass(Duration.ofMinutes(5));

    assertThat(story.state().deployments().size()).isEqualTo(1);
    assertThat(story.events(Event.DeploymentStarted.class)).hasSize(3);
    for (String node : new String[] {"n1", "n2", "n3"}) {
      story.engine().silence(new dev.slipway.core.node.NodeId(node), false);
    }
    story.engine().probeAgain();
    settled();
    assertThat(story.ready("/web", "V", "1")).isEqualTo(4);
  }

  static AppBuilder failing(AppBuilder app, int seconds, OnFailure then) {
    var rollout = new Rollout(Optional.empty(), Optional.of(Duration.ofSeconds(seconds)), then);
    return app.with(spec -> spec.rollout(rollout));
  }

  private void settled() {
    story.eventually("all is settled", () -> story.state().deployments().isEmpty());
  }

  private Set<InstanceId> ids() {
    Set<InstanceId> ids = new TreeSet<>();
    story.instances("/web").forEach(instance -> ids.add(instance.id()));
    return ids;
  }

  private static DeploymentId id(Reply reply) {
    return ((Reply.Deploying) reply).deployment();
  }

  private Deployment deployment(Reply reply) {
    return story.state().deployment(id(reply)).orElseThrow();
  }

  @Test
  void goesBackAlsoWhereAGroupTookThePlaceOfAnApp() {
    story.given(web.times(1));
    var inner = failing(app("/web/a", 1).running("mute").withHealthCheck(), 60, OnFailure.ROLLBACK);
    var swapped = group("/").with(new AppBuilder[0]).with(group("/web").with(inner));

    Reply cancelled = story.when(swapped.put());
    story.pass(Duration.ofSeconds(5));
    var id = ((Reply.Deploying) cancelled).deployment();
    assertThat(story.when(new Input.CancelDeployment(id, false)).refusal()).isEmpty();
    settled();
    assertThat(story.ready("/web")).isEqualTo(1);
    assertThat(outcome(cancelled)).contains(Deployment.Outcome.ROLLED_BACK);

    Reply failed = story.when(swapped.put());
    story.eventually("it has failed", () -> outcome(failed).isPresent());
    settled();
    assertThat(outcome(failed)).contains(Deployment.Outcome.FAILED);
    assertThat(story.ready("/web")).isEqualTo(1);
    assertThat(story.instances("/web/a")).isEmpty();
  }

  @Test
  void isPausedAndSaysWhyWhereItCannotGoBack() {
    story.given(web.times(1));
    var inner = failing(app("/web/a", 1).running("mute").withHealthCheck(), 60, OnFailure.ROLLBACK);
    Reply swapped =
        story.when(group("/").with(new AppBuilder[0]).with(group("/web").with(inner)).put());
    // Somebody puts another app where the group is that would have to go.
    story.when(app("/web/b", 1).put());

    story.pass(Duration.ofMinutes(3));

    var stuck = story.state().deployment(((Reply.Deploying) swapped).deployment()).orElseThrow();
    assertThat(stuck.isPaused()).isTrue();
    assertThat(stuck.course().failure().orElseThrow().reason())
        .contains("it cannot be changed back: /id Groups and Applications may not have");
    assertThat(story.ready("/web/b")).isEqualTo(1);
  }

  private Optional<Deployment.Ended> ended(Reply reply) {
    return story.state().ended().stream()
        .filter(ended -> ended.deployment().id().equals(id(reply)))
        .findFirst();
  }

  private Optional<Deployment.Outcome> outcome(Reply reply) {
    return ended(reply).map(Deployment.Ended::outcome);
  }

  private String reason(Reply reply) {
    return ended(reply).orElseThrow().reason();
  }
}
