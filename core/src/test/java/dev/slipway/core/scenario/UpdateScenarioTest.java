package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateScenarioTest {
  private final Scenario story = Scenario.onNodes(3);

  @ParameterizedTest
  @CsvSource({
    "1, 1.0, 1.0, 1, 2", "3, 1.0, 1.0, 3, 6", "3, 1.0, 0.0, 3, 4", "4, 0.5, 0.0, 2, 4",
    "4, 0.5, 0.5, 2, 6", "1, 0.0, 0.0, 0, 1", "10, 0.9, 0.2, 9, 12", "3, 0.34, 0, 2, 3"
  })
  void replacesAllWithinTheStrategysBounds(
      int instances, double minimumHealth, double over, int least, int most) {
    var web = app("/web", instances).withHealthCheck().upgrading(minimumHealth, over).version("1");
    story.given(web);
    story.promise("at least " + least, () -> story.ready("/web") >= least);
    story.promise("at most " + most, () -> story.instances("/web").size() <= most);

    story.when(web.version("2").put());

    story.eventually("all are new", () -> story.ready("/web", "V", "2") == instances);
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(story.instances("/web")).hasSize(instances);
    assertThat(lastOutcome()).isEqualTo(Deployment.Outcome.SUCCEEDED);
  }

  @Test
  void aNewHealthCheckSaysNothingOfInstancesThatWereNeverAskedIt() {
    var web = app("/web", 1).running("mute").upgrading(1, 0);
    story.given(web);
    InstanceId old = story.instances("/web").getFirst().id();
    story.promise("one serves", () -> story.running("/web") >= 1);

    story.when(web.version("2").withHealthCheck().put());

    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
    assertThat(story.instances("/web")).hasSize(2).extracting(Instance::id).contains(old);
    story.when(web.running("run").version("3").withHealthCheck().force());
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(story.instances("/web")).hasSize(1).extracting(Instance::id).doesNotContain(old);
  }

  @Test
  void keepsTheOldVersionWhileTheNewOneIsNotHealthy() {
    var web = app("/web", 3).withHealthCheck().version("1");
    story.given(web);
    story.promise("the old ones stay", () -> story.ready("/web", "V", "1") == 3);

    story.when(web.running("unhealthy").version("2").put());
    story.pass(Duration.ofMinutes(10));

    assertThat(story.state().deployments().size()).isEqualTo(1);
    assertThat(story.failures("/web")).isGreaterThan(3);
  }

  @Test
  void keepsTheOldVersionWhileTheNewOneCrashes() {
    var web = app("/web", 3).withHealthCheck().version("1");
    story.given(web);
    story.promise("the old ones stay", () -> story.ready("/web", "V", "1") == 3);

    story.when(web.running("crash").version("2").put());
    story.pass(Duration.ofMinutes(10));

    assertThat(story.state().deployments().size()).isEqualTo(1);
  }

  @Test
  void rollsBackToTheInstancesThatStillRun() {
    var web = app("/web", 3).withHealthCheck().version("1");
    story.given(web);
    var before = story.instances("/web").stream().map(Instance::id).toList();
    Reply update = story.when(web.running("crash").version("2").put());
    story.pass(Duration.ofSeconds(30));
    story.promise("the old ones stay", () -> story.ready("/web", "V", "1") == 3);

    story.when(new Input.CancelDeployment(deployment(update), false));

    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(story.instances("/web").stream().map(Instance::id))
        .containsExactlyElementsOf(before);
    assertThat(story.state().app(PathId.of("/web")).orElseThrow().spec().env())
        .containsEntry("V", "1");
  }

  @Test
  void leavesTasksAsTheyAreWhenADeploymentIsDropped() {
    var web = app("/web", 4).withHealthCheck().upgrading(0.5, 0).version("1");
    story.given(web);
    Reply update = story.when(web.running("mute").version("2").put());
    story.eventually("two new ones run", () -> story.running("/web") == 4);

    Reply reply = story.when(new Input.CancelDeployment(deployment(update), true));

    assertThat(reply).isInstanceOf(Reply.Done.class);
    story.pass(Duration.ofMinutes(5));
    assertThat(story.ready("/web", "V", "1")).isEqualTo(2);
    assertThat(story.instances("/web")).hasSize(4);
    assertThat(lastOutcome()).isEqualTo(Deployment.Outcome.CANCELLED);
  }

  @Test
  void refusesASecondDeploymentOfAnAppUnlessForced() {
    var web = app("/web", 2).withHealthCheck().version("1");
    story.given(web);
    Reply first = story.when(web.running("mute").version("2").put());

    Reply second = story.when(web.version("3").put());
    Reply other = story.when(app("/other", 1).put());

    assertThat(second)
        .isEqualTo(
            new Reply.Locked(
                java.util.List.of(deployment(first)), java.util.List.of(PathId.of("/web"))));
    assertThat(other).isInstanceOf(Reply.Deploying.class);
    assertThat(story.when(web.version("3").force())).isInstanceOf(Reply.Deploying.class);
    story.eventually("all are of version 3", () -> story.ready("/web", "V", "3") == 2);
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(story.instances("/web")).hasSize(2);
  }

  @Test
  void restartsWithoutAGap() {
    story.given(app("/web", 3).withHealthCheck());
    var before = story.instances("/web").stream().map(Instance::id).toList();
    story.promise("all the time", () -> story.ready("/web") >= 3);

    story.when(new Input.RestartApp(PathId.of("/web"), false));

    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(story.instances("/web").stream().map(Instance::id))
        .doesNotContainAnyElementsOf(before);
  }

  @Test
  void restoresAnEarlierVersion() {
    var web = app("/web", 2).version("1");
    story.given(web);
    Instant first = story.state().app(PathId.of("/web")).orElseThrow().version();
    story.given(web.version("2"));

    story.when(new Input.RestoreVersion(PathId.of("/web"), first, false));

    story.eventually("all are old again", () -> story.ready("/web", "V", "1") == 2);
    assertThat(story.when(new Input.RestoreVersion(PathId.of("/web"), Instant.EPOCH, false)))
        .isInstanceOf(Reply.NotFound.class);
  }

  @Test
  void scalesWithoutTouchingWhatRuns() {
    var web = app("/web", 2);
    story.given(web);
    var before = story.instances("/web").stream().map(Instance::id).toList();

    story.given(web.times(5));
    assertThat(story.instances("/web").stream().map(Instance::id)).containsAll(before);
    story.given(web.times(1));

    assertThat(story.running("/web")).isEqualTo(1);
    assertThat(before).contains(story.instances("/web").getFirst().id());
  }

  @Test
  void scalesDownAndChangesAtOnce() {
    var web = app("/web", 6).withHealthCheck().upgrading(1, 0).version("1");
    story.given(web);
    story.promise("three stay ready", () -> story.ready("/web") >= 3);

    story.given(web.times(3).version("2"));

    assertThat(story.ready("/web", "V", "2")).isEqualTo(3);
  }

  @Test
  void scalesToNothingAndBack() {
    var web = app("/web", 3);
    story.given(web);
    story.given(web.times(0));
    assertThat(story.instances("/web")).isEmpty();
    assertThat(story.state().app(PathId.of("/web"))).isPresent();
    story.given(web.times(2));
    assertThat(story.running("/web")).isEqualTo(2);
  }

  @Test
  void goesOnWhenOldInstancesAreNotHealthy() {
    var web = app("/web", 3).withHealthCheck().upgrading(1, 0);
    story.when(web.running("mute").version("1").put());
    story.eventually("they run", () -> story.running("/web") == 3);

    story.when(web.version("2").force());

    story.eventually("all are new", () -> story.ready("/web", "V", "2") == 3);
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
  }

  @Test
  void goesOnFromWhereItWasAfterTheServerDied() {
    var web = app("/web", 6).withHealthCheck().upgrading(0.5, 0.5).version("1");
    story.given(web);
    story.promise("half of them are ready", () -> story.ready("/web") >= 3);
    story.when(web.version("2").put());
    for (int i = 0; i < 10; i++) {
      story.pass(Duration.ofMillis(300));
      story.restart();
    }
    story.eventually("all are new", () -> story.ready("/web", "V", "2") == 6);
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(story.strays()).isEmpty();
  }

  @Test
  void givesOrdersAgainThatWereLost() {
    story.engine().deaf(true);
    story.when(app("/web", 2).put());
    story.pass(Duration.ofSeconds(5));
    story.engine().deaf(false);

    story.eventually("they run", () -> story.running("/web") == 2);
    story.engine().deaf(true);
    story.when(new Input.RemoveApp(PathId.of("/web"), true));
    story.pass(Duration.ofSeconds(5));
    story.engine().deaf(false);

    story.eventually("they are gone", () -> story.engine().alive().isEmpty());
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
  }

  @Test
  void makesRoomByEndingOldInstancesThatAreNotReady() {
    var full = Scenario.onNodes(1, Resources.of(1, 1024, 0, 0));
    var web = app("/web", 2).requesting(0.5, 128).withHealthCheck();
    full.when(web.running("mute").version("1").put());
    full.eventually("they run", () -> full.running("/web") == 2);

    full.when(web.version("2").force());

    full.eventually("all are new", () -> full.ready("/web", "V", "2") == 2);
    full.eventually("it is over", () -> full.state().deployments().isEmpty());
  }

  @Test
  void neverMakesRoomByEndingWhatIsReady() {
    var full = Scenario.onNodes(1, Resources.of(1, 1024, 0, 0));
    var web = app("/web", 2).requesting(0.5, 128).withHealthCheck();
    full.given(web.version("1"));
    full.promise("the old ones stay", () -> full.ready("/web", "V", "1") == 2);

    full.when(web.version("2").put());

    full.pass(Duration.ofMinutes(30));
    assertThat(full.state().deployments().size()).isEqualTo(1);
  }

  @Test
  void waitsForRoomAndTakesItWhenItComes() {
    var big = Scenario.onNodes(1, Resources.of(1, 1024, 0, 0));
    big.given(app("/first", 1).requesting(0.8, 512));
    big.when(app("/second", 1).requesting(0.8, 128).put());
    big.pass(Duration.ofMinutes(1));
    assertThat(big.running("/second")).isZero();

    big.when(new Input.RemoveApp(PathId.of("/first"), false));

    big.eventually("the second runs", () -> big.running("/second") == 1);
  }

  private Deployment.Outcome lastOutcome() {
    return story.events(Event.DeploymentEnded.class).getLast().outcome();
  }

  private static DeploymentId deployment(Reply reply) {
    return ((Reply.Deploying) reply).deployment();
  }
}
