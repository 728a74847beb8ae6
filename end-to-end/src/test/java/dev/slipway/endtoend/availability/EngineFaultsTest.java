package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.kubernetes.Locks;
import dev.slipway.testing.Wire;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The leader is cut off from Kubernetes, in both directions or in one, or its connection breaks
/// again and again, while pods are being replaced and clients write.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
@ResourceLock(Locks.SEVERAL_SERVERS)
class EngineFaultsTest {
  @RegisterExtension static final Servers SERVERS = Servers.on("engine-faults");

  private static final Duration OUTAGE = Duration.ofSeconds(8);

  private static final Duration LOOK = Duration.ofMillis(500);

  /// How often the connection breaks at most: some of what is told is told late then.
  private static final int BREAKS = 15;

  private static final Duration BROKEN = Duration.ofMillis(300);
  private static final Duration WHOLE = Duration.ofMillis(700);

  @Test
  void aLeaderWithoutKubernetesReplacesNothingAndGoesOnWhenItIsBack() {
    try (Writers writers = SERVERS.writers("/engine")) {
      Member leader = SERVERS.leader();
      Workload.Rolling rolling = SERVERS.workload().roll();

      leader.api().silence();
      leader.client().put("/v2/apps/asked", App.sleeping("/asked")).expect(201);
      awaitTold(leader);
      await("nothing is replaced or killed, and writes go on")
          .during(OUTAGE)
          .atMost(OUTAGE.plus(Eventually.DEADLINE))
          .pollInterval(LOOK)
          .untilAsserted(SERVERS.workload()::assertBystandersUntouched);
      writers.awaitAccepted();
      leader.restore();

      rolling.awaitEnd();
      Eventually.so("what was asked for runs", () -> hasOneTask("/asked"));
      Eventually.so("all is well", () -> status(leader).equals("ok"));
      writers.assertNothingIsLost(SERVERS.client());
    }
  }

  /// What Kubernetes says is heard, and orders do not arrive; then all arrive at once.
  @Test
  void ordersThatArriveLateLaunchNothingTwice() {
    try (Writers writers = SERVERS.writers("/one-way")) {
      Member leader = SERVERS.leader();
      Workload.Rolling rolling = SERVERS.workload().roll();

      leader.api().silence(Wire.Direction.THERE);
      leader.client().put("/v2/apps/ordered", App.sleeping("/ordered")).expect(201);
      awaitTold(leader);
      await("nothing is replaced or killed")
          .during(OUTAGE)
          .atMost(OUTAGE.plus(Eventually.DEADLINE))
          .pollInterval(LOOK)
          .untilAsserted(SERVERS.workload()::assertBystandersUntouched);
      leader.restore();

      rolling.awaitEnd();
      Eventually.so("what was asked for runs", () -> hasOneTask("/ordered"));
      writers.assertNothingIsLost(SERVERS.client());
    }
  }

  private static boolean hasOneTask(String app) {
    return SERVERS.tasks(app).running().size() == 1 && SERVERS.pods().begun(app).size() == 1;
  }

  /// A monitor that asks the leader learns that orders do not pass.
  private static void awaitTold(Member leader) {
    Eventually.so("the outage is told", () -> status(leader).equals("degraded"));
    assertThat(leader.client().json("/health").path("engine").asString()).contains("order");
  }

  private static String status(Member leader) {
    return leader.client().json("/health").path("status").asString();
  }

  /// The same, and by the time at which the orders arrive another one leads, who has given them
  /// again.
  @Test
  void ordersOfAnEarlierLeaderThatArriveLateLaunchNothingTwice() {
    try (Writers writers = SERVERS.writers("/late")) {
      Member old = SERVERS.leader();
      Workload.Rolling rolling = SERVERS.workload().roll();

      old.api().silence(Wire.Direction.THERE);
      old.loseDatabase();
      SERVERS.leaderAfter(old);
      writers.awaitAccepted();
      rolling.awaitEnd();
      old.restore();

      SERVERS.awaitAgreement();
      rolling.assertStillWhole();
      writers.assertNothingIsLost(SERVERS.client());
    }
  }

  @Test
  void aLeaderThatIsNotAnsweredByItsDatabaseLeadsNoMoreAndNoCommitIsDoubled() {
    try (Writers writers = SERVERS.writers("/commits")) {
      Member old = SERVERS.leader();
      Workload.Rolling rolling = SERVERS.workload().roll();

      old.databases().forEach(wire -> wire.silence(Wire.Direction.BACK));
      Eventually.so("the leader has stopped", () -> old.view().isPresent() && !old.leads());
      SERVERS.leaderAfter(old);
      writers.awaitAccepted();
      old.restore();

      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
    }
  }

  @Test
  void whatAConnectionToldThatBreaksAgainAndAgainIsMadeUpFor() {
    try (Writers writers = SERVERS.writers("/flapping")) {
      Member leader = SERVERS.leader();
      long before = leader.epoch();
      Workload.Rolling rolling = SERVERS.workload().roll();

      for (int times = 0; times < BREAKS && !rolling.hasEnded(); times++) {
        leader.api().cut();
        LockSupport.parkNanos(BROKEN.toNanos());
        leader.api().mend();
        LockSupport.parkNanos(WHOLE.toNanos());
      }

      rolling.awaitEnd();
      assertThat(SERVERS.leader().epoch()).isEqualTo(before);
      writers.assertNothingIsLost(SERVERS.client());
    }
  }
}
