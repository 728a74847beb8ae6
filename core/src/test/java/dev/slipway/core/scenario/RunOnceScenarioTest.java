package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static dev.slipway.core.scenario.GroupBuilder.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Finished;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Work that is to be done once (Marathon's users asked for it for years).
class RunOnceScenarioTest {
  private static final PathId JOB = PathId.of("/job");
  private final Scenario story = Scenario.onNodes(2);

  @Test
  void isNotStartedAgainOnceItIsDone() {
    story.given(job(2, "finish", RestartPolicy.ON_FAILURE));
    story.pass(Duration.ofHours(1));

    assertThat(started()).isEqualTo(2);
    assertThat(finished().succeeded()).isEqualTo(2);
    assertThat(finished().failed()).isZero();
    assertThat(story.state().backoffs().isEmpty()).isTrue();
    assertThat(story.engine().alive()).isEmpty();
  }

  @Test
  void isStartedAgainAfterAFailureWhereThatIsWanted() {
    story.given(job(1, "crash", RestartPolicy.ON_FAILURE).backingOff(1, 1, 1));
    story.pass(Duration.ofMinutes(1));
    assertThat(started()).isGreaterThan(5);
    assertThat(story.state().finished().isEmpty()).isTrue();
  }

  @Test
  void isNeverStartedAgainWhereThatIsWanted() {
    story.given(job(1, "crash", RestartPolicy.NEVER));
    story.pass(Duration.ofHours(1));

    assertThat(started()).isEqualTo(1);
    assertThat(finished().failed()).isEqualTo(1);
    assertThat(finished().last().end().exitCode()).contains(1);
    assertThat(story.failures("/job")).isEqualTo(1);
  }

  @Test
  void letsItsDeploymentEndWithoutEverHavingBeenReady() {
    Reply well = story.when(job(1, "finish", RestartPolicy.NEVER).withHealthCheck().put());
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(outcome(well)).isEqualTo(Deployment.Outcome.SUCCEEDED);

    Reply badly = story.when(job(1, "crash", RestartPolicy.NEVER).withHealthCheck().put());
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(outcome(badly)).isEqualTo(Deployment.Outcome.FAILED);
  }

  @Test
  void isDoneAgainByAnotherVersionAnotherNumberOrARestart() {
    var job = job(1, "finish", RestartPolicy.NEVER);
    story.given(job);
    story.pass(Duration.ofMinutes(1));
    story.given(job.version("2"));
    story.pass(Duration.ofMinutes(1));
    assertThat(started()).isEqualTo(2);
    story.given(job.version("2").times(0));
    story.given(job.version("2"));
    story.pass(Duration.ofMinutes(1));
    assertThat(started()).isEqualTo(3);
    story.when(new Input.RestartApp(JOB, false));
    story.pass(Duration.ofMinutes(1));
    assertThat(started()).isEqualTo(4);
    // A label is no new work.
    story.given(
        job.version("2")
            .with(app -> app.killSelection(dev.slipway.core.app.KillSelection.OLDEST_FIRST)));
    story.pass(Duration.ofMinutes(1));
    assertThat(started()).isEqualTo(4);
    assertThat(finished().succeeded()).isEqualTo(1);
  }

  @Test
  void countsOneThatWasEndedToHaveFewerAsGone() {
    story.given(job(3, "run", RestartPolicy.NEVER));
    InstanceId one = story.instances("/job").getFirst().id();

    story.when(new Input.KillInstances(List.of(one), true, false));
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    story.pass(Duration.ofMinutes(1));
    assertThat(story.running("/job")).isEqualTo(2);
    assertThat(story.state().finished().isEmpty()).isTrue();

    InstanceId other = story.instances("/job").getFirst().id();
    story.when(new Input.KillInstances(List.of(other), false, false));
    story.pass(Duration.ofMinutes(1));
    assertThat(story.running("/job")).isEqualTo(1);
    assertThat(finished().failed()).isEqualTo(1);
  }

  @Test
  void isNotDoneAgainWhileAnotherHasTheSlotOfOneThatNothingIsHeardOf() {
    var three = Scenario.onNodes(3);
    three.given(
        job(3, "run", RestartPolicy.NEVER).waitingFor(Duration.ofMinutes(1), Duration.ofHours(10)));
    three.engine().silence(new NodeId("n1"), true);
    three.pass(Duration.ofMinutes(2));
    assertThat(three.events(Event.InstancePlaced.class)).hasSize(4);

    for (int i = 0; i < 3; i++) {
      three.engine().exit(runningTask(three), 0);
      three.pass(Duration.ofMinutes(1));
    }

    assertThat(three.events(Event.InstancePlaced.class)).hasSize(4);
    assertThat(three.running("/job")).isZero();
    var done = Objects.requireNonNull(three.state().finished().get(JOB));
    assertThat(done.succeeded()).isEqualTo(3);
  }

  @Test
  void isDoneOnceAlsoWhereItsNodeIsEmptied() {
    var two = Scenario.onNodes(2);
    two.given(job(2, "slow", RestartPolicy.NEVER).withHealthCheck().upgrading(1, 1));
    var leaving = new NodeId("n1");
    var other =
        two.instances("/job").stream()
            .filter(one -> !one.place().orElseThrow().node().equals(leaving))
            .findFirst()
            .orElseThrow();
    two.when(new Input.DrainNode(leaving, true));
    two.eventually("another was launched", () -> two.running("/job") == 3);

    two.engine().exit(other.id().task(), 0);
    two.pass(Duration.ofMinutes(5));

    assertThat(two.events(Event.InstancePlaced.class)).hasSize(3);
    assertThat(two.running("/job")).isEqualTo(1);
  }

  @Test
  void goesOnWhileAnotherDeploymentTakesItsApp() {
    story.given(app("/g/db", 1));
    var job =
        app("/g/job", 5)
            .running("mute")
            .withHealthCheck()
            .with(app -> app.restartPolicy(RestartPolicy.NEVER))
            .dependingOn("/g/db");
    story.when(job.put());
    story.eventually("all run", () -> story.running("/g/job") == 5);
    List<InstanceId> ids = story.instances("/g/job").stream().map(Instance::id).toList();
    ids.subList(0, 2).forEach(id -> story.engine().exit(id.task(), 0));
    story.pass(Duration.ofSeconds(5));
    story.when(new Input.KillInstances(ids.subList(2, 3), false, false));

    var slow = app("/g/db", 1).running("slow").withHealthCheck();
    var both = group("/g").with(slow, job.labelled("a", "b"));
    story.when(both.put(Input.Expectation.ANY, true));
    assertThat(story.running("/g/job")).isEqualTo(2);
    story.pass(Duration.ofMinutes(5));

    assertThat(story.running("/g/job")).isEqualTo(2);
    assertThat(placed("/g/job")).isEqualTo(5);
  }

  @Test
  void isNotDoneAgainForHavingWaitedBesideInstancesOfAnotherVersion() {
    story.given(app("/g/db", 1));
    var job =
        app("/g/job", 2)
            .running("mute")
            .with(app -> app.restartPolicy(RestartPolicy.NEVER))
            .dependingOn("/g/db");
    story.given(job);
    var next = job.version("2").withHealthCheck().upgrading(1, 1);
    story.when(next.put());
    story.eventually("both versions run", () -> story.running("/g/job") == 4);
    var newest =
        story.instances("/g/job").stream()
            .max(Comparator.comparing(Instance::generation))
            .orElseThrow();
    story.engine().exit(newest.id().task(), 0);
    story.pass(Duration.ofSeconds(1));

    var slow = app("/g/db", 1).running("slow").withHealthCheck();
    story.when(group("/g").with(slow, next.labelled("a", "b")).put(Input.Expectation.ANY, true));
    story.pass(Duration.ofMinutes(5));

    assertThat(placed("/g/job")).isEqualTo(4);
  }

  private int placed(String app) {
    return (int)
        story.events(Event.InstancePlaced.class).stream()
            .filter(placed -> placed.instance().app().equals(PathId.of(app)))
            .count();
  }

  private static TaskId runningTask(Scenario story) {
    return story.instances("/job").stream()
        .filter(instance -> instance.condition() == Condition.RUNNING)
        .findFirst()
        .orElseThrow()
        .id()
        .task();
  }

  @Test
  void remembersWhatIsDoneWhenTheServerIsStartedAgain() {
    story.given(job(2, "finish", RestartPolicy.NEVER));
    story.pass(Duration.ofMinutes(1));
    story.restart();
    story.pass(Duration.ofMinutes(1));
    assertThat(started()).isEqualTo(2);
  }

  private static AppBuilder job(int instances, String script, RestartPolicy policy) {
    return app("/job", instances).running(script).with(app -> app.restartPolicy(policy));
  }

  private int started() {
    return story.events(Event.InstancePlaced.class).size();
  }

  private Finished finished() {
    return Objects.requireNonNull(story.state().finished().get(JOB));
  }

  private Deployment.Outcome outcome(Reply reply) {
    return story.state().ended().stream()
        .filter(ended -> ended.deployment().id().equals(((Reply.Deploying) reply).deployment()))
        .findFirst()
        .orElseThrow()
        .outcome();
  }
}
