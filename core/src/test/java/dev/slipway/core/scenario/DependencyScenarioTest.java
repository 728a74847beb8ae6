package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Progress;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Apps wait until what they depend on is ready, also where another deployment brings it; and plans
/// that can never end are refused.
class DependencyScenarioTest {
  private static final PathId DB = PathId.of("/db");
  private static final PathId WEB = PathId.of("/web");
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder db = app("/db", 1).withHealthCheck();
  private final AppBuilder web = app("/web", 2).dependingOn("/db").version("1");

  @Test
  void waitsUntilWhatAnotherDeploymentBringsIsReady() {
    story.when(db.running("slow").put());
    story.promise(
        "the web comes after the database",
        () -> story.instances("/web").isEmpty() || story.ready("/db") == 1);
    story.when(web.put());
    story.pass(Duration.ofSeconds(10));

    assertThat(blockers()).containsExactly(DB);
    story.restart();
    assertThat(blockers()).containsExactly(DB);

    settled();
    assertThat(story.ready("/web")).isEqualTo(2);
  }

  @Test
  void keepsTheOldVersionWhileItWaits() {
    story.given(db);
    story.given(web);
    story.promise("the web serves", () -> story.ready("/web") == 2);
    story.when(db.running("unhealthy").upgrading(0, 0).put());
    story.pass(Duration.ofMinutes(1));

    story.when(web.version("2").put());
    story.pass(Duration.ofMinutes(1));
    assertThat(story.ready("/web", "V", "1")).isEqualTo(2);
  }

  @Test
  void replacesWhatDiesWhileItWaits() {
    story.given(db);
    story.given(web);
    story.when(db.running("unhealthy").upgrading(0, 0).put());
    story.pass(Duration.ofMinutes(1));
    story.when(web.version("2").put());

    Instance victim = story.instances("/web").getFirst();
    story.engine().exit(victim.id().task(), 1);

    story.eventually("two run", () -> story.running("/web") == 2);
    assertThat(story.ready("/web", "V", "1")).isEqualTo(2);
  }

  @Test
  void doesNotWaitForWhatIsTurnedOff() {
    story.given(db.times(0));
    story.given(web);
    assertThat(story.ready("/web")).isEqualTo(2);
  }

  @Test
  void doesNotWaitWhenForcedOrOnlyScaledDownOrTakenBack() {
    story.given(db);
    story.given(web);
    story.when(db.running("mute").upgrading(0, 0).put());
    story.pass(Duration.ofMinutes(1));

    story.when(web.times(1).put());
    story.eventually("one is left", () -> story.instances("/web").size() == 1);
    story.when(web.times(1).version("2").force());
    story.eventually("it is replaced", () -> story.state().deployments().size() == 1);
    assertThat(story.ready("/web", "V", "2")).isEqualTo(1);
    Reply third = story.when(web.times(1).version("3").put());
    story.pass(Duration.ofMinutes(1));
    story.when(new Input.CancelDeployment(((Reply.Deploying) third).deployment(), false));
    story.eventually(
        "only the database is deployed", () -> story.state().deployments().size() == 1);
    assertThat(story.ready("/web", "V", "2")).isEqualTo(1);
  }

  @Test
  void goesOnWhenWhatItWaitsForIsRemoved() {
    story.when(db.running("mute").put());
    story.when(web.put());
    story.pass(Duration.ofMinutes(1));
    assertThat(story.instances("/web")).isEmpty();

    story.when(new Input.RemoveApp(DB, true));

    settled();
    assertThat(story.ready("/web")).isEqualTo(2);
    assertThat(story.state().plans().awaited().isEmpty()).isTrue();
  }

  @Test
  void refusesPlansThatCanNeverEnd() {
    var one = app("/one", 1).constrained("hostname", Constraint.Operator.CLUSTER, "n1");

    assertThat(story.when(one.times(2).withPort(8080, true).put()))
        .isEqualTo(
            Reply.Invalid.of(
                "/requirePorts",
                "all instances have to stand on one host, where only one can have the ports"));
    assertThat(
            story.when(one.times(2).constrained("hostname", Constraint.Operator.UNIQUE, "").put()))
        .isInstanceOf(Reply.Invalid.class);

    story.given(one.withPort(8080, true));
    assertThat(story.when(one.withPort(8080, true).version("2").put()))
        .isInstanceOfSatisfying(
            Reply.Invalid.class,
            invalid ->
                assertThat(invalid.problems().getFirst().path())
                    .isEqualTo("/upgradeStrategy/minimumHealthCapacity"));
    story.given(one.withPort(8080, true).upgrading(0, 0).version("2"));
    assertThat(story.ready("/one", "V", "2")).isEqualTo(1);
  }

  @Test
  void takesAPlanOnOneHostWhoseOldInstanceGivesWay() {
    var database =
        app("/keeps", 1)
            .withVolume("data", 100)
            .withPort(5432, true)
            .constrained("hostname", Constraint.Operator.CLUSTER, "n1");
    story.given(database);
    story.given(database.version("2"));
    assertThat(story.ready("/keeps", "V", "2")).isEqualTo(1);

    var broken =
        app("/one", 1)
            .withHealthCheck()
            .withPort(8080, true)
            .constrained("hostname", Constraint.Operator.CLUSTER, "n1");
    story.when(broken.running("mute").put());
    story.pass(Duration.ofSeconds(5));
    assertThat(story.when(broken.version("2").force())).isInstanceOf(Reply.Deploying.class);
    settled();
    assertThat(story.ready("/one", "V", "2")).isEqualTo(1);
  }

  private List<PathId> blockers() {
    Deployment deployment =
        Optional.ofNullable(story.state().locks().get(WEB))
            .flatMap(story.state()::deployment)
            .orElseThrow();
    return deployment.currentActions().stream()
        .map(action -> Progress.of(story.state(), action))
        .flatMap(progress -> progress.blockers().stream())
        .toList();
  }

  private void settled() {
    story.eventually("all is settled", () -> story.state().deployments().isEmpty());
  }
}
