package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.kubernetes.Locks;
import dev.slipway.endtoend.kubernetes.PodHistory.Seen;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The database dies for good, and its replica takes its place, while pods are being replaced and
/// clients write.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
@ResourceLock(Locks.SEVERAL_SERVERS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PromotionTest {
  @RegisterExtension static final Servers SERVERS = Servers.withReplica("promotion");

  @Test
  @Order(1)
  void whatASynchronousReplicaTakesOverIsComplete() {
    try (Writers writers = SERVERS.writers("/promotion")) {
      SERVERS.database().waitForReplicas(true);
      writers.awaitAccepted();
      Workload.Rolling rolling = SERVERS.workload().roll();

      SERVERS.losePrimary();
      SERVERS.database().promote();

      SERVERS.leader();
      writers.awaitAccepted();
      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
    }
    SERVERS.replicateAgain();
  }

  /// The replica had stopped to copy, and the primary acknowledged more. That is lost with it, and
  /// nothing else: what runs without being recorded any more is told as a stray and left alone.
  @Test
  @Order(2)
  void ofWhatAnAsynchronousReplicaTakesOverOnlyWhatItNeverGotIsLost() {
    try (Writers writers = SERVERS.writers("/behind")) {
      writers.awaitAccepted();
      Member leader = SERVERS.leader();
      long before = leader.epoch();
      Workload.Rolling rolling = SERVERS.workload().roll();

      long stopped = writers.moment();
      SERVERS.replica().stop();
      writers.awaitAccepted();
      leader.client().put("/v2/apps/forgotten", App.sleeping("/forgotten")).expect(201);
      Eventually.so("its pod runs", () -> SERVERS.pods().running("/forgotten").size() == 1);
      Map<String, Seen> forgotten = SERVERS.pods().running("/forgotten");
      SERVERS.losePrimary();
      SERVERS.database().start();
      SERVERS.database().promote();
      Eventually.so("everything was read anew", () -> SERVERS.leader().epoch() > before);
      var tail = new LostTail(stopped, writers.moment());

      writers.awaitAccepted();
      rolling.awaitEndBesideStrays();
      SERVERS.client().get("/v2/apps/forgotten").expect(404);
      assertThat(SERVERS.pods().running("/forgotten")).isEqualTo(forgotten);
      SERVERS.assertToldAsStrays(forgotten.keySet());
      writers.assertNothingIsLostBut(tail, SERVERS.client());
    }
  }
}
