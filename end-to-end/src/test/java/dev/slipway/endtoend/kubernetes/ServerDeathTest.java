package dev.slipway.endtoend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `kill -9` of the server while pods are being replaced.
@Order(3)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
class ServerDeathTest {
  @RegisterExtension static final PodServer SERVER = new PodServer("server-death");

  private static final int INSTANCES = 6;

  private static App version(int version) {
    return PodServer.web("/web", Integer.toString(version))
        .with("instances", INSTANCES)
        .with("upgradeStrategy", Map.of("minimumHealthCapacity", 0.5, "maximumOverCapacity", 0.5));
  }

  @Test
  void aDeploymentGoesOnAndEndsAndNoPodRestartsOrIsThereTwice() {
    var server = SERVER.get();
    server.createAndAwait(App.sleeping("/bystander").with("instances", 3));
    server.createAndAwait(version(1));
    Map<String, PodHistory.Seen> bystanders = SERVER.pods().running("/bystander");
    assertThat(bystanders).hasSize(3);

    String deployment = server.change(version(2));
    // Before its pods are there, as the first begins, and with some of them begun.
    for (int pods : new int[] {0, 1, INSTANCES / 2}) {
      Eventually.so(
          pods + " pods of the new version have begun",
          () -> SERVER.pods().begun("/web").size() >= INSTANCES + pods);
      server.killHard();
      assertThat(SERVER.pods().running("/bystander")).isEqualTo(bystanders);
      server.start();
    }
    server.awaitSuccess(deployment);

    assertThat(server.tasks("/web").healthy()).hasSize(INSTANCES);
    assertThat(SERVER.pods().begun("/web")).hasSize(2 * INSTANCES);
    assertThat(SERVER.pods().running("/bystander")).isEqualTo(bystanders);
    assertThat(server.client().json("/v2/deployments").isEmpty()).isTrue();
    SERVER.pods().assertNothingRanTwice();
  }
}
