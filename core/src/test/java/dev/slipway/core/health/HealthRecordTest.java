package dev.slipway.core.health;

import static dev.slipway.core.health.HealthVerdict.BECAME_HEALTHY;
import static dev.slipway.core.health.HealthVerdict.BECAME_UNHEALTHY;
import static dev.slipway.core.health.HealthVerdict.KILL;
import static dev.slipway.core.health.HealthVerdict.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthRecordTest {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final HealthCheck THREE_TIMES = check(3);

  /// One check's record as probes come in, by seconds since the instance runs.
  private static final class Story {
    private final HealthCheck check;
    private HealthRecord record;
    private HealthVerdict verdict = UNCHANGED;

    Story(HealthCheck check, HealthRecord record) {
      this.check = check;
      this.record = record;
    }

    Story success(int second) {
      return fold(new ProbeResult.Success(START.plusSeconds(second)));
    }

    Story failure(int second) {
      return fold(new ProbeResult.Failure(START.plusSeconds(second), "refused at " + second));
    }

    Story ignored() {
      return fold(new ProbeResult.Ignored());
    }

    Story then(HealthVerdict expected) {
      assertThat(verdict).isEqualTo(expected);
      return this;
    }

    private Story fold(ProbeResult result) {
      var change = record.fold(check, START, result);
      record = change.record();
      verdict = change.verdict();
      return this;
    }
  }

  private static Story story(HealthCheck check) {
    return new Story(check, HealthRecord.UNKNOWN);
  }

  private static HealthCheck check(int maxConsecutiveFailures) {
    return new HealthCheck(
        new HealthCheck.Probe.Exec("true"),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        maxConsecutiveFailures,
        false);
  }

  @Test
  void isNeitherHealthyNorUnhealthyBeforeAnyResult() {
    assertThat(HealthRecord.UNKNOWN.known()).isFalse();
    assertThat(HealthRecord.UNKNOWN.alive()).isFalse();
  }

  @Test
  void passesOverFailuresInTheGracePeriodUntilTheFirstSuccess() {
    var story = story(THREE_TIMES).failure(1).then(UNCHANGED).failure(29).then(UNCHANGED);
    assertThat(story.record).isEqualTo(HealthRecord.UNKNOWN);
  }

  @Test
  void countsFailuresFromTheEndOfTheGracePeriodOn() {
    var story = story(THREE_TIMES).failure(30).then(BECAME_UNHEALTHY);
    assertThat(story.record.consecutiveFailures()).isEqualTo(1);
    story.failure(40).then(UNCHANGED).failure(50).then(KILL);
  }

  @Test
  void countsFailuresInTheGracePeriodAfterTheFirstSuccess() {
    story(THREE_TIMES)
        .success(1)
        .then(BECAME_HEALTHY)
        .failure(2)
        .then(BECAME_UNHEALTHY)
        .failure(3)
        .then(UNCHANGED)
        .failure(4)
        .then(KILL);
  }

  @Test
  void beginsToCountAnewAfterASuccess() {
    var story =
        story(THREE_TIMES)
            .success(1)
            .failure(2)
            .failure(3)
            .success(4)
            .then(BECAME_HEALTHY)
            .failure(5)
            .failure(6)
            .then(UNCHANGED);
    assertThat(story.record.consecutiveFailures()).isEqualTo(2);
    story.failure(7).then(KILL);
  }

  @Test
  void saysAgainAndAgainThatItIsToBeKilled() {
    story(check(1)).success(1).failure(2).then(KILL).failure(3).then(KILL);
  }

  @Test
  void neverKillsWhenNoNumberOfFailuresIsTooMany() {
    var story = story(check(0)).success(1);
    for (int second = 2; second < 100; second++) {
      story.failure(second).then(second == 2 ? BECAME_UNHEALTHY : UNCHANGED);
    }
    assertThat(story.record.consecutiveFailures()).isEqualTo(98);
  }

  @Test
  void killsAtTheFirstFailureWhenNoneIsAllowedOnTheNode() {
    HealthCheck plain = check(0);
    var onNode =
        new HealthCheck(
            plain.probe(),
            plain.gracePeriod(),
            plain.interval(),
            plain.timeout(),
            plain.maxConsecutiveFailures(),
            plain.ignoreHttp1xx(),
            new HealthCheck.Origin(true, Duration.ZERO, false));
    story(onNode).failure(29).then(UNCHANGED).failure(31).then(KILL);
    story(onNode).success(1).then(BECAME_HEALTHY).failure(2).then(KILL);
  }

  @Test
  void leavesHealthAsItWasWhenTheAnswerIsIgnored() {
    var story = story(THREE_TIMES).ignored().then(UNCHANGED);
    assertThat(story.record).isEqualTo(HealthRecord.UNKNOWN);
    story.success(1).failure(2).failure(3);
    var before = story.record;
    assertThat(story.ignored().then(UNCHANGED).record).isEqualTo(before);
    story.failure(4).then(KILL);
  }

  @Test
  void remembersWhenAndWhy() {
    var record = story(THREE_TIMES).success(1).success(2).then(UNCHANGED).failure(3).record;
    assertThat(record.alive()).isFalse();
    assertThat(record.firstSuccess()).contains(START.plusSeconds(1));
    assertThat(record.lastSuccess()).contains(START.plusSeconds(2));
    assertThat(record.lastFailure()).contains(START.plusSeconds(3));
    assertThat(record.lastFailureCause()).contains("refused at 3");
  }

  @Test
  void believesTheLaterOfTwoResultsAtOneTime() {
    assertThat(story(THREE_TIMES).success(1).failure(1).record.alive()).isFalse();
    assertThat(story(THREE_TIMES).success(1).failure(1).success(1).record.alive()).isTrue();
  }

  @Test
  void gainsNoNewGracePeriodByARestartOfThePlatform() {
    var record = HealthRecord.recovered(true, START);
    assertThat(record.alive()).isTrue();
    new Story(THREE_TIMES, record)
        .failure(1)
        .then(BECAME_UNHEALTHY)
        .failure(2)
        .failure(3)
        .then(KILL);
  }

  @Test
  void keepsItsHealthOverARestartOfThePlatform() {
    new Story(THREE_TIMES, HealthRecord.recovered(true, START)).success(1).then(UNCHANGED);
    var unhealthy = HealthRecord.recovered(false, START);
    assertThat(unhealthy.known()).isTrue();
    assertThat(unhealthy.alive()).isFalse();
    new Story(THREE_TIMES, unhealthy).success(1).then(BECAME_HEALTHY);
    new Story(THREE_TIMES, unhealthy)
        .failure(40)
        .then(UNCHANGED)
        .failure(50)
        .then(UNCHANGED)
        .failure(60)
        .then(KILL);
  }
}
