package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.kubernetes.Locks;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The leader dies, goes, stands still, or loses its database, while pods are being replaced and
/// clients write. Each time another one goes on where it was: no pod restarts or is there twice,
/// and each write that was accepted is there.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
@ResourceLock(Locks.SEVERAL_SERVERS)
class LeaderFaultsTest {
  @RegisterExtension static final Servers SERVERS = Servers.on("leader-faults");

  /// The lease, the hesitation before a candidate takes it, and what a busy machine needs.
  private static final Duration HARD = Duration.ofSeconds(30);

  /// Nobody waits for a lease that was given back; a busy machine takes its time all the same.
  private static final Duration GRACEFUL = Duration.ofSeconds(15);

  /// How soon a leader that was replaced while it stood still knows that it is none any more.
  private static final Duration STEPS_DOWN = Duration.ofSeconds(1);

  private static long epoch() {
    return SERVERS.leader().epoch();
  }

  @Test
  void afterAHardKillAnotherServerLeadsAndTheDeploymentGoesOn() {
    try (Writers writers = SERVERS.writers("/kill")) {
      Member old = SERVERS.leader();
      long before = epoch();
      Workload.Rolling rolling = SERVERS.workload().roll();

      old.server().killHard();

      Member next = SERVERS.leaderAfter(old);
      assertThat(next.epoch()).isGreaterThan(before);
      writers.awaitAccepted();
      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
      assertThat(writers.longestGap()).isLessThan(HARD);
    }
  }

  @Test
  void aServerThatEndsGivesTheLeadAwayAtOnce() {
    try (Writers writers = SERVERS.writers("/stop")) {
      Member old = SERVERS.leader();
      Workload.Rolling rolling = SERVERS.workload().roll();

      old.server().stop();

      SERVERS.leaderAfter(old);
      writers.awaitAccepted();
      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
      assertThat(writers.longestGap()).isLessThan(GRACEFUL);
    }
  }

  @Test
  void aLeaderThatIsAskedToAbdicateGivesTheLeadAwayAtOnce() {
    try (Writers writers = SERVERS.writers("/abdicate")) {
      Member old = SERVERS.leader();
      Workload.Rolling rolling = SERVERS.workload().roll();

      // Any server takes the request.
      SERVERS.others(old).getFirst().client().delete("/v2/leader").expect(200);

      SERVERS.leaderAfter(old);
      writers.awaitAccepted();
      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
      assertThat(writers.longestGap()).isLessThan(GRACEFUL);
      assertThat(old.server().isAlive()).isTrue();
    }
  }

  @Test
  void aLeaderThatStoodStillForLongerThanItsLeaseDoesNothingWhenItGoesOn() {
    try (Writers writers = SERVERS.writers("/pause")) {
      Member old = SERVERS.leader();
      long before = epoch();
      Workload.Rolling rolling = SERVERS.workload().roll();

      old.server().signal("STOP");
      Member next = SERVERS.leaderAfter(old);
      writers.awaitAccepted();
      Instant goesOn = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      old.server().signal("CONT");

      Eventually.so("the old leader follows", () -> old.view().isPresent() && !old.leads());
      assertThat(old.lastStepDown()).isBetween(goesOn, goesOn.plus(STEPS_DOWN));
      assertThat(old.endOfLastTerm()).isNotEmpty();
      rolling.awaitEnd();
      assertThat(next.leads()).isTrue();
      assertThat(next.epoch()).isGreaterThan(before);
      writers.assertNothingIsLost(SERVERS.client());
      assertThat(writers.longestGap()).isLessThan(HARD);
    }
  }

  @Test
  void aLeaderWithoutItsDatabaseOrdersNothingMoreBeforeAnotherLeads() {
    try (Writers writers = SERVERS.writers("/partition")) {
      Member old = SERVERS.leader();
      Workload.Rolling rolling = SERVERS.workload().roll();

      old.loseDatabase();
      Eventually.so("the leader has stopped", () -> old.view().isPresent() && !old.leads());
      assertThat(SERVERS.others(old)).as("who leads by then").noneMatch(Member::leads);

      Member next = SERVERS.leaderAfter(old);
      writers.awaitAccepted();
      rolling.awaitEnd();
      old.restore();
      Eventually.so(
          "the old leader follows the new one",
          () -> old.knownLeader().equals(Optional.of(next.address().toString())));
      writers.assertNothingIsLost(SERVERS.client());
      assertThat(writers.longestGap()).isLessThan(HARD);
    }
  }
}
