package dev.slipway.core.leadership;

import static dev.slipway.core.leadership.Server.ME;
import static dev.slipway.core.leadership.Server.OTHER;
import static dev.slipway.core.leadership.Server.lease;
import static dev.slipway.core.leadership.Server.released;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How a server leads, and ends to.
class TermTest {
  private static final ElectionRules RULES = ElectionRules.DEFAULT;
  private static final Epoch ONE = new Epoch(1);
  private static final Order RENEW = new Order.Renew(ONE);
  private static final Order RELEASE = new Order.Release(ONE);

  private final Server leader = Server.leading();

  private void ends(String reason) {
    assertThat(leader.ordered()).containsExactly(new Order.EndTerm(ONE, reason));
    assertThat(leader.role()).isEqualTo(Role.ENDING);
    assertThat(leader.election().mayAct(leader.now())).isFalse();
    assertThat(leader.election().lastEnd().orElseThrow().reason()).isEqualTo(reason);
  }

  @Test
  void theLeaseIsRenewedFiveTimesInItsLength() {
    for (int i = 0; i < 50; i++) {
      assertThat(leader.untilOrder()).isEqualTo(RULES.renewEvery());
      assertThat(leader.ordered()).containsExactly(RENEW);
      leader.hear(new Heard.Renewed());
    }
    assertThat(leader.role()).isEqualTo(Role.LEADING);
  }

  @Test
  void theLeaderStopsTwoThirdsOfTheLeaseAfterTheStartOfItsLastRenewal() {
    leader.untilOrder();
    Duration started = leader.now();
    leader.passes(Duration.ofMillis(900));
    leader.hear(new Heard.Renewed());
    Duration until = started.plus(RULES.authority());
    assertThat(leader.election().authority()).contains(until);
    assertThat(leader.election().mayAct(until.minusNanos(1))).isTrue();
    assertThat(leader.election().mayAct(until)).isFalse();
  }

  @Test
  void aRenewalThatFailsIsTriedAgainUntilTheTermIsOver() {
    Duration began = leader.now();
    int tries = 0;
    while (leader.role() == Role.LEADING) {
      leader.untilOrder();
      if (leader.ordered().contains(RENEW)) {
        tries++;
        leader.fails();
      }
    }
    assertThat(leader.now()).isEqualTo(began.plus(RULES.authority()));
    assertThat(tries).isEqualTo(10);
    assertThat(leader.election().lastEnd().orElseThrow().reason())
        .isEqualTo("its lease was not renewed for 3333 ms: connection refused");
  }

  @Test
  void aLostTermIsNotReleasedAndAnotherFollowsAfterARest() {
    leader.untilOrder();
    leader.ordered();
    leader.wakes();
    ends("its lease was not renewed for 3333 ms");
    leader.hear(new Heard.TermEnded());
    assertThat(leader.role()).isEqualTo(Role.RESTING);
    assertThat(leader.ordered()).as("the renewal was not answered yet").isEmpty();

    leader.fails();
    leader.untilOrder();
    leader.finds(lease(1, ME, 0));
    leader.untilOrder();
    while (!leader.ordered().contains(new Order.Take(ONE))) {
      leader.finds(lease(1, ME, 0));
      leader.untilOrder();
    }
    leader.hear(new Heard.Taken(new Epoch(2)));
    assertThat(leader.ordered()).containsExactly(new Order.BeginTerm(new Epoch(2)));
  }

  @Test
  void aRenewalHeardOfTooLateBringsNothingBack() {
    leader.untilOrder();
    leader.ordered();
    leader.passes(Duration.ofMinutes(1));
    assertThat(leader.election().mayAct(leader.now())).isFalse();
    leader.hear(new Heard.Renewed());
    ends("its lease was not renewed for 61000 ms");
  }

  @Test
  void aLeaseOfAnotherEpochEndsTheTermAtOnce() {
    leader.untilOrder();
    leader.ordered();
    leader.hear(new Heard.Stale());
    ends("the lease is of another epoch");
    leader.hear(new Heard.TermEnded());
    assertThat(leader.ordered()).doesNotContain(RELEASE);
    assertThat(leader.role()).isEqualTo(Role.RESTING);
  }

  @Test
  void anEpochThatIsRefusedEndsTheTermAtOnce() {
    leader.hear(new Heard.Overtaken(new Epoch(5)));
    ends("it was refused as older than epoch 5");
    assertThat(leader.election().highest()).isEqualTo(new Epoch(5));
  }

  @Test
  void aHigherEpochInAFenceEndsTheTermAtOnce() {
    leader.hear(new Heard.FenceSeen(ONE));
    assertThat(leader.role()).isEqualTo(Role.LEADING);
    leader.hear(new Heard.FenceSeen(new Epoch(2)));
    ends("epoch 2 follows it");
  }

  @Test
  void aTermThatFailsIsReleasedForOthers() {
    leader.hear(new Heard.TermFailed("history lost"));
    ends("history lost");
    leader.hear(new Heard.TermEnded());
    assertThat(leader.ordered()).containsExactly(RELEASE);
    leader.hear(new Heard.Released());
    assertThat(leader.role()).isEqualTo(Role.RESTING);
  }

  @Test
  void whoHandsOverReleasesWhenAllHasEndedAndLetsOthersGoFirst() {
    leader.hear(new Heard.HandOver("DELETE /v2/leader"));
    ends("DELETE /v2/leader");
    leader.hear(new Heard.TermEnded());
    assertThat(leader.ordered()).containsExactly(RELEASE);
    leader.hear(new Heard.Released());
    Duration handed = leader.now();
    while (!leader.ordered().contains(new Order.Take(ONE))) {
      assertThat(leader.role()).isNotEqualTo(Role.LEADING);
      leader.finds(released(1, ME));
      leader.untilOrder();
    }
    assertThat(leader.now().minus(handed)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  @Test
  void aRenewalUnderWayIsWaitedForBeforeTheRelease() {
    leader.untilOrder();
    leader.ordered();
    leader.hear(new Heard.Stop("SIGTERM"));
    ends("SIGTERM");
    leader.hear(new Heard.TermEnded());
    assertThat(leader.ordered()).isEmpty();
    leader.hear(new Heard.Renewed());
    assertThat(leader.ordered()).containsExactly(RELEASE);
    leader.fails();
    assertThat(leader.role()).as("whatever came of it").isEqualTo(Role.STOPPED);
  }

  @Test
  void whoFollowsHasNothingToHandOver() {
    var follower = Server.standing();
    follower.hear(new Heard.HandOver("DELETE /v2/leader"));
    follower.finds(lease(3, OTHER, 1));
    assertThat(follower.role()).isEqualTo(Role.FOLLOWING);
  }

  @Test
  void aLeaderWithoutProgressHandsOver() {
    stall(true, Duration.ofSeconds(29));
    assertThat(leader.role()).isEqualTo(Role.LEADING);
    assertThat(leader.election().term().orElseThrow().stalledSince()).isPresent();
    stall(true, Duration.ofSeconds(2));
    ends("nothing was decided for 30 s while inputs wait");
    leader.hear(new Heard.TermEnded());
    assertThat(leader.ordered()).containsExactly(RELEASE);
  }

  @Test
  void aLeaderWithNothingToDoNeedNoProgress() {
    stall(false, Duration.ofMinutes(5));
    assertThat(leader.role()).isEqualTo(Role.LEADING);
  }

  @Test
  void anyProgressIsEnough() {
    for (int i = 0; i < 10; i++) {
      stall(true, Duration.ofSeconds(25));
      leader.hear(new Heard.Progress(Strand.DECIDING, true, true));
    }
    assertThat(leader.role()).isEqualTo(Role.LEADING);
  }

  @Test
  void aLeaderWhoseEngineIsSilentHandsOverThoughItRecordsWishes() {
    Duration end = leader.now().plusSeconds(31);
    while (leader.now().compareTo(end) < 0 && leader.role() == Role.LEADING) {
      leader.untilOrder();
      leader.hear(new Heard.Progress(Strand.DECIDING, true, true));
      leader.hear(new Heard.Progress(Strand.ORDERING, false, true));
      if (leader.role() == Role.LEADING) {
        leader.ordered();
        leader.hear(new Heard.Renewed());
      }
    }
    ends("the engine did not answer for 30 s while it was waited for");
    leader.hear(new Heard.TermEnded());
    assertThat(leader.ordered()).containsExactly(RELEASE);
  }

  @Test
  void anEngineThatAnswersAtTimesIsNoReasonToHandOver() {
    for (int i = 0; i < 10; i++) {
      stall(false, Duration.ofSeconds(20));
      leader.hear(new Heard.Progress(Strand.ORDERING, false, true));
      leader.hear(new Heard.Progress(Strand.ORDERING, true, true));
    }
    assertThat(leader.role()).isEqualTo(Role.LEADING);
  }

  @Test
  void aTermIsStartingUntilItTakesWrites() {
    Server server = Server.standing();
    server.finds(released(1, OTHER));
    server.hear(new Heard.Taken(new Epoch(2)));
    assertThat(server.role()).isEqualTo(Role.STARTING);
    server.hear(new Heard.TermBegan(ONE));
    assertThat(server.role()).as("of another term").isEqualTo(Role.STARTING);
    server.hear(new Heard.TermBegan(new Epoch(2)));
    assertThat(server.role()).isEqualTo(Role.LEADING);
  }

  /// Renews and reports each second that nothing got done.
  private void stall(boolean pending, Duration time) {
    Duration end = leader.now().plus(time);
    while (leader.now().compareTo(end) < 0 && leader.role() == Role.LEADING) {
      leader.untilOrder();
      leader.hear(new Heard.Progress(Strand.DECIDING, false, pending));
      if (leader.role() == Role.LEADING) {
        leader.ordered();
        leader.hear(new Heard.Renewed());
      }
    }
  }

  @Test
  void restsGrowWithFailuresToALimitAndAreDrawn() {
    List<Duration> least = List.of(1, 1, 1, 1, 1, 1).stream().map(Duration::ofSeconds).toList();
    List<Duration> most = List.of(2, 4, 8, 10, 10, 10).stream().map(Duration::ofSeconds).toList();
    for (int failures = 1; failures <= 6; failures++) {
      assertThat(RULES.rest(failures, 0)).isEqualTo(least.get(failures - 1));
      assertThat(RULES.rest(failures, 1)).isEqualTo(most.get(failures - 1));
    }
    assertThat(RULES.rest(Integer.MAX_VALUE, 0.5)).isEqualTo(Duration.ofMillis(5500));
  }

  @Test
  void aSteadyTermEndsTheRowOfFailures() {
    failAfter(Duration.ofSeconds(1));
    failAfter(Duration.ofSeconds(50));
    assertThat(leader.election().failures()).isEqualTo(2);
    failAfter(RULES.steadyAfter().plusSeconds(1));
    assertThat(leader.election().failures()).isEqualTo(1);
  }

  /// The term fails after a while, and another begins.
  private void failAfter(Duration time) {
    stall(false, time);
    Epoch epoch = leader.election().highest();
    leader.hear(new Heard.TermFailed("as it happens"));
    leader.hear(new Heard.TermEnded());
    leader.hear(new Heard.Released());
    while (!leader.ordered().contains(new Order.Take(epoch))) {
      leader.finds(released((int) epoch.value(), ME));
      leader.untilOrder();
    }
    leader.hear(new Heard.Taken(epoch.next()));
    leader.hear(new Heard.TermBegan(epoch.next()));
    leader.ordered();
  }
}
