package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.endtoend.harness.Answer;
import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.kubernetes.Locks;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The database goes away, starts anew, is replaced by its replica, or is empty, while pods are
/// being replaced and clients write.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
@ResourceLock(Locks.SEVERAL_SERVERS)
class DatabaseFaultsTest {
  @RegisterExtension static final Servers SERVERS = Servers.withReplica("database-faults");

  /// Several leases long, and longer than reads may be behind a leader. `-Dslipway.outage=300`
  /// tries five minutes.
  private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("slipway.outage", 45));

  private static final Duration LOOK = Duration.ofMillis(500);

  @Test
  void withoutTheDatabaseTasksAndReadsGoOnAndAllHealsByItself() {
    try (Writers writers = SERVERS.writers("/outage")) {
      Workload.Rolling rolling = SERVERS.workload().roll();

      SERVERS.database().kill();
      try {
        Eventually.so("nobody leads", () -> SERVERS.members().stream().noneMatch(Member::leads));
        await("all that goes without a database goes on")
            .during(OUTAGE)
            .atMost(OUTAGE.plus(Eventually.DEADLINE))
            .pollInterval(LOOK)
            .untilAsserted(
                () -> {
                  SERVERS.members().forEach(DatabaseFaultsTest::assertReadsAndRefusesWrites);
                  SERVERS.workload().assertBystandersUntouched();
                });
      } finally {
        SERVERS.database().start();
      }

      SERVERS.leader();
      writers.awaitAccepted();
      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
    }
  }

  private static void assertReadsAndRefusesWrites(Member member) {
    Answer read = member.client().get("/v2/apps/bystander").expect(200);
    assertThat(read.headers().firstValue("X-Slipway-Stale")).contains("true");
    assertThat(read.headers().firstValue("Warning").orElse("")).startsWith("110");
    assertThat(read.json().at("/app/tasksRunning").asInt()).isPositive();
    Answer write = member.client().put("/v2/apps/none", App.sleeping("/none")).expect(503);
    assertThat(write.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void aDatabaseThatStartsAnewCostsOneChangeOfTheLeaderAtMost() {
    try (Writers writers = SERVERS.writers("/restart")) {
      long before = SERVERS.leader().epoch();
      Workload.Rolling rolling = SERVERS.workload().roll();

      SERVERS.database().restart();

      writers.awaitAccepted();
      rolling.awaitEnd();
      assertThat(SERVERS.leader().epoch()).isBetween(before, before + 1);
      writers.assertNothingIsLost(SERVERS.client());
    }
  }

  /// The journal of a platform is gone, and its tasks run: nobody takes them for strangers' or
  /// begins a platform anew.
  @Test
  void onAnEmptyDatabaseNobodyLeadsAndNothingIsKilled() {
    SERVERS.members().forEach(member -> member.server().stop());
    SERVERS.database().execute("ALTER SCHEMA " + Servers.SCHEMA + " RENAME TO kept");

    Servers.start(SERVERS.members());
    for (Member member : SERVERS.members()) {
      Eventually.so(
          "a server says how to restore", () -> member.server().log().contains("journal restore"));
    }
    for (Member member : SERVERS.members()) {
      member.client().put("/v2/apps/none", App.sleeping("/none")).expect(503);
    }
    SERVERS.workload().assertBystandersUntouched();

    SERVERS.members().forEach(member -> member.server().stop());
    SERVERS.database().execute("DROP SCHEMA " + Servers.SCHEMA + " CASCADE");
    SERVERS.database().execute("ALTER SCHEMA kept RENAME TO " + Servers.SCHEMA);
    Servers.start(SERVERS.members());
    SERVERS.workload().roll().awaitEnd();
  }
}
