package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffScenarioTest {
  private static final PathId JOB = PathId.of("/job");
  private final Scenario story = Scenario.onNodes(2);

  @ParameterizedTest
  @ValueSource(strings = {"crash", "finish"})
  void delaysEachLaunchLongerUpToTheLimit(String script) {
    story.when(app("/job", 1).running(script).backingOff(2, 1.5, 10).put());

    story.pass(Duration.ofMinutes(2));

    assertThat(delays())
        .startsWith(
            Duration.ofMillis(2000),
            Duration.ofMillis(3000),
            Duration.ofMillis(4500),
            Duration.ofMillis(6750),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10))
        .endsWith(Duration.ofSeconds(10));
  }

  @Test
  void staysAtItsLimitAlsoWhenTheServerLooksLate() {
    story.when(app("/job", 1).running("crash").backingOff(5, 2, 10).put());
    story.late(Duration.ofMillis(3));

    story.pass(Duration.ofMinutes(3));

    assertThat(delays().subList(1, delays().size()))
        .hasSizeGreaterThan(10)
        .allMatch(delay -> delay.compareTo(Duration.ofSeconds(10)) >= 0);
  }

  @Test
  void beginsAnewAfterAnInstanceThatLivedLongEnough() {
    var job = app("/job", 1).running("run");
    story.given(job.with(app -> app.backoff(policy(20, 2, Duration.ofMinutes(1), 0))));
    fail(1);
    fail(2);
    fail(3);
    assertThat(delay()).isEqualTo(Duration.ofSeconds(80));

    story.eventually("it runs", () -> story.running("/job") == 1);
    story.pass(Duration.ofSeconds(61));
    fail(4);
    assertThat(delay()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void spreadsLaunchesByItsJitter() {
    var policy = policy(100, 1, Duration.ZERO, 0.5);
    for (int i = 0; i < 8; i++) {
      story.when(app("/job" + i, 1).running("crash").with(app -> app.backoff(policy)).put());
    }
    story.pass(Duration.ofSeconds(5));

    var until = new java.util.HashSet<Duration>();
    story
        .state()
        .backoffs()
        .values()
        .forEach(delay -> until.add(Duration.between(delay.lastEvent(), delay.until())));
    assertThat(until)
        .hasSizeGreaterThan(6)
        .allMatch(much -> much.compareTo(Duration.ofSeconds(100)) >= 0)
        .allMatch(much -> much.compareTo(Duration.ofSeconds(150)) <= 0);
  }

  @Test
  void isNoDelayAtAllWhenItIsZero() {
    story.when(app("/job", 1).running("crash").backingOff(0, 2, 100).put());
    story.pass(Duration.ofSeconds(30));
    assertThat(launches()).hasSizeGreaterThan(20);
  }

  @Test
  void isClearedWhenANodeOfItsAppIsEmptied() {
    story.given(app("/job", 2).running("run").backingOff(300, 1, 600));
    Instance one = story.instances("/job").getFirst();
    Instance other = story.instances("/job").getLast();
    story.engine().exit(one.id().task(), 1);
    story.eventually("it is delayed", () -> !story.state().backoffs().isEmpty());

    story.when(new Input.DrainNode(other.place().orElseThrow().node(), true));

    assertThat(story.state().backoffs().isEmpty()).isTrue();
    story.when(new Input.DrainNode(other.place().orElseThrow().node(), false));
  }

  private void fail(int number) {
    story.eventually("it runs", () -> story.running("/job") == 1);
    story.engine().exit(story.instances("/job").getFirst().id().task(), 1);
    story.eventually("it failed", () -> story.failures("/job") == number);
  }

  private static BackoffPolicy policy(
      int seconds, double factor, Duration minimumUptime, double jitter) {
    return new BackoffPolicy(
        Duration.ofSeconds(seconds), factor, Duration.ofSeconds(600), minimumUptime, jitter);
  }

  @Test
  void neverStartsAboveItsLimit() {
    story.when(app("/job", 1).running("crash").backingOff(60, 2, 10).put());
    story.pass(Duration.ofMinutes(1));
    assertThat(delays()).first().isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void launchesOneAfterTheOtherWhileItLasts() {
    var job = app("/job", 1).running("crash").backingOff(60, 1, 600);
    story.when(job.put());
    story.pass(Duration.ofSeconds(5));

    story.when(job.times(3).force());
    story.pass(Duration.ofMinutes(4));

    List<Instant> launches = launches();
    for (int i = 2; i < launches.size(); i++) {
      assertThat(Duration.between(launches.get(i - 1), launches.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(60));
    }
    assertThat(launches).hasSizeGreaterThan(3);
  }

  @Test
  void startsANewVersionAtOnce() {
    var job = app("/job", 1).running("crash").backingOff(300, 1, 600);
    story.when(job.put());
    story.eventually("it failed", () -> story.failures("/job") == 1);

    story.when(job.running("run").force());

    story.eventually("it runs", () -> story.running("/job") == 1);
    assertThat(sinceFailure()).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void startsAtOnceWithAnotherConfigurationThatTasksDoNotSee() {
    var job = app("/job", 1).running("crash").backingOff(300, 1, 600);
    story.when(job.put());
    story.eventually("it failed", () -> story.failures("/job") == 1);

    story.when(job.backingOff(1, 1, 600).force());

    story.eventually("it is launched", () -> launches().size() == 2);
    assertThat(sinceFailure()).isZero();
  }

  @Test
  void isNotResetByScaling() {
    var job = app("/job", 1).running("crash").backingOff(300, 1, 600);
    story.when(job.put());
    story.eventually("it failed", () -> story.failures("/job") == 1);

    story.when(job.times(2).force());
    story.pass(Duration.ofSeconds(200));

    assertThat(launches()).hasSize(1);
  }

  @Test
  void isClearedOnRequest() {
    story.when(app("/job", 1).running("crash").backingOff(300, 1, 600).put());
    story.eventually("it failed", () -> story.failures("/job") == 1);

    assertThat(story.when(new Input.ClearBackoff(JOB))).isInstanceOf(Reply.Done.class);

    assertThat(launches()).hasSize(2);
    assertThat(story.when(new Input.ClearBackoff(PathId.of("/none"))))
        .isEqualTo(new Reply.NotFound("Application /none not found in tasks queue."));
  }

  @Test
  void isForgottenWhenAllWentWellForLong() {
    story.given(app("/job", 1).backingOff(10, 2, 60));
    fail();
    assertThat(delay()).isEqualTo(Duration.ofSeconds(10));
    story.eventually("it runs again", () -> story.running("/job") == 1);
    story.pass(Duration.ofSeconds(50));
    fail();
    assertThat(delay()).as("within the limit").isEqualTo(Duration.ofSeconds(20));
    story.eventually("it runs again", () -> story.running("/job") == 1);
    story.pass(Duration.ofSeconds(90));
    fail();
    assertThat(delay()).as("after the limit").isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void isNotTouchedByOldInstancesThatFail() {
    var job = app("/job", 2).withHealthCheck().backingOff(300, 1, 600).version("1");
    story.given(job);
    var old = story.instances("/job");
    story.when(job.running("slow").version("2").put());

    story.engine().exit(old.getFirst().id().task(), 1);
    story.pass(Duration.ofSeconds(1));

    assertThat(story.state().backoffs().get(JOB)).isNull();
  }

  @Test
  void outlivesTheServer() {
    story.when(app("/job", 1).running("crash").backingOff(300, 1, 600).put());
    story.eventually("it failed", () -> story.failures("/job") == 1);

    story.restart();
    story.pass(Duration.ofSeconds(299));
    assertThat(launches()).hasSize(1);
    story.pass(Duration.ofSeconds(2));
    assertThat(launches()).hasSize(2);
  }

  @Test
  void bearsAClockThatGoesBackALittle() {
    story.when(app("/job", 1).running("crash").backingOff(10, 1, 600).put());
    story.eventually("it failed", () -> story.failures("/job") == 1);
    story.clockJumps(Duration.ofSeconds(-30));

    story.eventually("it is launched again", () -> launches().size() == 3);
    assertThat(story.instances("/job")).hasSize(1);
  }

  private void fail() {
    Instance one = story.instances("/job").getFirst();
    int failures = story.failures("/job");
    story.engine().exit(one.id().task(), 1);
    story.eventually("it failed", () -> story.failures("/job") == failures + 1);
  }

  private Duration delay() {
    return story.events(Event.BackoffSet.class).getLast().backoff().delay();
  }

  private Duration sinceFailure() {
    return Duration.between(
        story.events(Event.InstanceEnded.class).getFirst().at(), launches().getLast());
  }

  private List<Instant> launches() {
    return story.events(Event.InstancePlaced.class).stream().map(Event.InstancePlaced::at).toList();
  }

  /// From each failure to the launch after it.
  private List<Duration> delays() {
    List<Instant> ends =
        story.events(Event.InstanceEnded.class).stream().map(Event.InstanceEnded::at).toList();
    List<Instant> launches = launches();
    List<Duration> delays = new ArrayList<>();
    for (int i = 1; i < launches.size(); i++) {
      delays.add(Duration.between(ends.get(i - 1), launches.get(i)));
    }
    return delays;
  }
}
