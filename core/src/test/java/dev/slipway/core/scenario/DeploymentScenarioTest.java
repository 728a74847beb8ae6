package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static dev.slipway.core.scenario.GroupBuilder.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeploymentScenarioTest {
  private static final PathId WEB = PathId.of("/web");
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 3).withHealthCheck().version("1");

  @Test
  void tellsItsEventsInOrder() {
    story.given(web);

    assertThat(story.journal().stream().map(event -> event.getClass().getSimpleName()))
        .filteredOn(name -> name.contains("Deployment") || name.contains("Step"))
        .containsExactly(
            "DeploymentStarted",
            "StepStarted",
            "StepCompleted",
            "StepStarted",
            "StepCompleted",
            "DeploymentEnded");
    int root = indexOf(Event.RootChanged.class);
    assertThat(indexOf(Event.DeploymentStarted.class)).isEqualTo(root + 1);
    assertThat(indexOf(Event.InstanceScheduled.class)).isGreaterThan(root);
  }

  @Test
  void isOverAtOnceWhenNothingChanges() {
    story.given(web);
    int events = story.journal().size();

    Reply reply = story.when(web.put());

    assertThat(reply).isInstanceOf(Reply.Deploying.class);
    assertThat(story.journal().subList(events, story.journal().size()))
        .satisfiesExactly(
            started -> assertThat(started).isInstanceOf(Event.DeploymentStarted.class),
            ended ->
                assertThat(ended)
                    .isInstanceOfSatisfying(
                        Event.DeploymentEnded.class,
                        end -> assertThat(end.outcome()).isEqualTo(Deployment.Outcome.SUCCEEDED)));
    assertThat(((Reply.Deploying) reply).version()).isEqualTo(story.state().root().version());
  }

  @Test
  void changesNothingInPlaceThatATaskWouldNotSee() {
    story.given(web);
    story.given(app("/other", 1));
    var before = story.engine().alive();

    story.given(web.upgrading(0.5, 0.5).backingOff(2, 2, 60).dependingOn("/other"));

    assertThat(story.engine().alive()).isEqualTo(before);
    story.pass(Duration.ofMinutes(1));
    assertThat(story.engine().alive()).isEqualTo(before);
  }

  @Test
  void keepsServingWhenARemovalIsCancelledBeforeItsTurn() {
    deployPair();
    story.promise("the database stays", () -> story.ready("/pair/db") == 2);
    Reply removal = story.when(new Input.RemoveGroup(PathId.of("/pair"), false));

    story.when(new Input.CancelDeployment(deployment(removal), false));

    settled();
    assertThat(story.ready("/pair/web")).isEqualTo(2);
    assertThat(story.ready("/pair/db")).isEqualTo(2);
  }

  @Test
  void keepsInstancesOfAnAppThatIsWantedAgainBeforeItsRemovalCameToIt() {
    deployPair();
    var before = ids("/pair/db");
    story.when(new Input.RemoveGroup(PathId.of("/pair"), false));
    story.promise("the database stays", () -> story.ready("/pair/db") >= 2);

    story.when(app("/pair/db", 3).withHealthCheck().force());

    settled();
    // It was removed, so it is another app now; but it gives way one by one.
    assertThat(story.ready("/pair/db")).isEqualTo(3);
    assertThat(ids("/pair/db")).doesNotContainAnyElementsOf(before);
  }

  @Test
  void startsAnewWhatIsWantedAgainWhileItsInstancesEnd() {
    story.given(app("/web", 2).running("stubborn").version("1"));
    var before = ids("/web");
    story.when(new Input.RemoveApp(WEB, false));
    story.pass(Duration.ofSeconds(1));

    story.when(app("/web", 1).running("run").version("2").force());

    settled();
    assertThat(story.ready("/web", "V", "2")).isEqualTo(1);
    assertThat(ids("/web")).hasSize(1).doesNotContainAnyElementsOf(before);
    assertThat(story.engine().alive()).hasSize(1);
  }

  @Test
  void finishesARemovalThatWasDropped() {
    story.given(app("/web", 2).running("stubborn"));
    Reply removal = story.when(new Input.RemoveApp(WEB, false));

    story.when(new Input.CancelDeployment(deployment(removal), true));
    assertThat(story.state().deployments().isEmpty()).isTrue();

    story.eventually("all is gone", () -> story.state().formation(WEB).isEmpty());
    assertThat(story.engine().alive()).isEmpty();
    story.given(app("/web", 1));
    assertThat(story.running("/web")).isEqualTo(1);
  }

  @Test
  void launchesNothingOfADeploymentThatGaveWayBeforeItsTurn() {
    var data = app("/data", 1).withHealthCheck().version("1");
    var late = app("/late", 2).dependingOn("/data").version("1");
    story.given(data);
    story.given(late);
    story.when(
        group("/")
            .with(data.running("mute").version("2"), late.times(9).running("crash").version("2"))
            .put());

    story.when(
        group("/")
            .with(data.version("3"), late.times(3).version("3"))
            .put(Input.Expectation.ANY, true));

    settled();
    assertThat(story.ready("/late", "V", "3")).isEqualTo(3);
    assertThat(story.failures("/late")).isZero();
    assertThat(story.events(Event.InstanceScheduled.class))
        .filteredOn(event -> event.instance().app().equals(PathId.of("/late")))
        .hasSize(2 + 3);
  }

  @Test
  void goesOnReplacingWhenScaledInTheMiddleOfAnUpdate() {
    story.given(web);
    story.when(web.running("slow").version("2").put());
    story.pass(Duration.ofSeconds(30));
    story.promise("three are ready", () -> story.ready("/web") >= 3);

    story.when(web.running("slow").version("2").times(4).force());

    settled();
    assertThat(story.ready("/web", "V", "2")).isEqualTo(4);
    assertThat(story.instances("/web")).hasSize(4);
  }

  @Test
  void replacesWhatAnUpdateHadNotReachedWhenScaledBeforeItsTurn() {
    var data = app("/data", 1).withHealthCheck().version("1");
    var late = app("/late", 2).dependingOn("/data").version("1");
    story.given(data);
    story.given(late);
    story.when(group("/").with(data.running("mute").version("2"), late.version("2")).put());

    story.when(late.version("2").times(3).force());

    story.eventually("all are new", () -> story.ready("/late", "V", "2") == 3);
    story.eventually("the old are gone", () -> story.instances("/late").size() == 3);
  }

  @Test
  void leavesOtherDeploymentsAloneThatShareNoApp() {
    story.given(web);
    Reply update = story.when(web.running("mute").version("2").put());
    story.when(app("/other", 1).put());
    story.eventually("the other runs", () -> story.running("/other") == 1);

    assertThat(story.state().deployment(deployment(update))).isPresent();
    assertThat(story.state().locks().get(WEB)).isEqualTo(deployment(update));
    assertThat(story.state().locks().get(PathId.of("/other"))).isNull();
  }

  @Test
  void keepsLaterChangesOfOthersWhenItIsRolledBack() {
    story.given(web);
    Reply update = story.when(web.running("mute").version("2").put());
    story.when(app("/later", 1).put());
    story.eventually("it runs", () -> story.running("/later") == 1);

    story.when(new Input.CancelDeployment(deployment(update), false));

    settled();
    assertThat(story.running("/later")).isEqualTo(1);
    assertThat(story.ready("/web", "V", "1")).isEqualTo(3);
    assertThat(outcome(deployment(update))).isEqualTo(Deployment.Outcome.ROLLED_BACK);
  }

  @Test
  void answersThatAnUnknownDeploymentDoesNotExist() {
    assertThat(story.when(new Input.CancelDeployment(new DeploymentId("none"), false)))
        .isEqualTo(new Reply.NotFound("DeploymentPlan none does not exist"));
  }

  @Test
  void namesAllDeploymentsThatAWishWouldDisturbAndEndsThemIfForced() {
    var other = app("/other", 1).withHealthCheck();
    Reply first = story.when(web.running("mute").put());
    Reply second = story.when(other.running("mute").put());
    var both = group("/").with(web.version("2"), other.version("2"));

    Reply refused = story.when(both.put());
    assertThat(refused)
        .isInstanceOfSatisfying(
            Reply.Locked.class,
            locked ->
                assertThat(locked.deployments())
                    .containsExactlyInAnyOrder(deployment(first), deployment(second)));

    story.when(both.put(Input.Expectation.ANY, true));
    settled();
    assertThat(outcome(deployment(first))).isEqualTo(Deployment.Outcome.SUPERSEDED);
    assertThat(outcome(deployment(second))).isEqualTo(Deployment.Outcome.SUPERSEDED);
    assertThat(story.ready("/web", "V", "2")).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("moments")
  void isRolledBackFromWhereverItIs(int steps) {
    deployPair();
    var update = updatePair(steps);

    story.when(new Input.CancelDeployment(update, false));

    settled();
    for (String id : List.of("/pair/db", "/pair/web")) {
      assertThat(story.ready(id, "V", "1")).as(id).isEqualTo(2);
      assertThat(story.instances(id)).hasSize(2);
    }
  }

  @ParameterizedTest
  @MethodSource("moments")
  void isDroppedFromWhereverItIs(int steps) {
    deployPair();
    var update = updatePair(steps);

    story.when(new Input.CancelDeployment(update, true));

    assertThat(story.state().deployments().isEmpty()).isTrue();
    assertThat(story.state().locks().isEmpty()).isTrue();
    story.pass(Duration.ofMinutes(5));
    for (String id : List.of("/pair/db", "/pair/web")) {
      assertThat(story.ready(id)).as(id).isEqualTo(2);
      assertThat(story.instances(id)).hasSize(2);
    }
    // What stands of either version is replaced by a restart.
    story.when(new Input.RestartApp(PathId.of("/pair/db"), false));
    settled();
    assertThat(story.ready("/pair/db", "V", "2")).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("moments")
  void isFollowedByAForcedOneFromWhereverItIs(int steps) {
    deployPair();
    updatePair(steps);

    story.when(pair("3").put(Input.Expectation.ANY, true));

    settled();
    assertThat(story.ready("/pair/db", "V", "3")).isEqualTo(2);
    assertThat(story.ready("/pair/web", "V", "3")).isEqualTo(2);
    assertThat(story.engine().alive()).hasSize(4);
  }

  @Test
  void namesWhatItDoes() {
    story.given(web);
    story.when(web.running("mute").version("2").put());
    Deployment deployment = story.state().deployments().values().iterator().next();
    assertThat(deployment.currentActions()).containsExactly(new Action(Action.Kind.RESTART, WEB));
    assertThat(deployment.currentStep()).isEqualTo(1);
  }

  static IntStream moments() {
    return IntStream.rangeClosed(0, 20);
  }

  private static GroupBuilder pair(String version) {
    return group("/pair")
        .with(
            app("/pair/db", 2).withHealthCheck().version(version),
            app("/pair/web", 2).withHealthCheck().dependingOn("/pair/db").version(version));
  }

  private void deployPair() {
    story.when(pair("1").put());
    settled();
  }

  /// Changes both, one after the other, lets so many things happen and promises that both stay up.
  private DeploymentId updatePair(int steps) {
    story.promise(
        "both stay up", () -> story.ready("/pair/db") >= 2 && story.ready("/pair/web") >= 2);
    DeploymentId update = deployment(story.when(pair("2").put()));
    story.steps(steps, () -> true);
    assertThat(story.state().deployment(update)).as("still going on").isPresent();
    return update;
  }

  private void settled() {
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
  }

  private List<InstanceId> ids(String app) {
    return story.instances(app).stream().map(Instance::id).toList();
  }

  private Deployment.Outcome outcome(DeploymentId id) {
    return story.state().ended().stream()
        .filter(ended -> ended.deployment().id().equals(id))
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  private int indexOf(Class<? extends Event> type) {
    return story.journal().indexOf(story.events(type).getFirst());
  }

  private static DeploymentId deployment(Reply reply) {
    return ((Reply.Deploying) reply).deployment();
  }
}
