package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// `/v2/deployments` and `/v2/queue`.
class DeploymentsAndQueueTest {
  private static final String WEB =
      "{\"id\": \"web\", \"cmd\": \"serve\", \"cpus\": 0.1, \"mem\": 16, \"instances\": 2}";

  private final Caller caller = Caller.withNodes();

  @Test
  void aDeploymentIsThereUntilItsTasksRun() {
    caller.post("/v2/apps", WEB);
    assertThat(caller.get("/v2/deployments").json().size()).isEqualTo(1);
    caller.platform.settle();
    assertThat(caller.get("/v2/deployments").text()).isEqualTo("[]");
    assertThat(caller.get("/v2/apps/web").json().at("/app/deployments").size()).isZero();
  }

  @Test
  void cancellingChangesBackByAnotherDeployment() {
    String id = caller.post("/v2/apps", WEB).at("/deployments/0/id");
    var answer = caller.delete("/v2/deployments/" + id);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/deploymentId")).isNotEmpty().isNotEqualTo(id);
    assertThat(answer.headers())
        .containsEntry("Marathon-Deployment-Id", answer.at("/deploymentId"));
    assertThat(caller.get("/v2/apps/web").status()).isEqualTo(404);
  }

  @Test
  void cancellingByForceLeavesAllAsItIs() {
    String id = caller.post("/v2/apps", WEB).at("/deployments/0/id");
    var answer = caller.delete("/v2/deployments/" + id + "?force=true");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text()).isEmpty();
    assertThat(caller.get("/v2/deployments").text()).isEqualTo("[]");
    assertThat(caller.get("/v2/apps/web").status()).isEqualTo(200);
  }

  @Test
  void anUnknownDeploymentIsTold() {
    var answer = caller.delete("/v2/deployments/unknown");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("/message")).isEqualTo("DeploymentPlan unknown does not exist");
    assertThat(caller.delete("/v2/deployments/" + "x".repeat(100)).status()).isEqualTo(404);
    assertThat(caller.get("/v2/deployments/unknown").status()).isEqualTo(405);
  }

  @Test
  void theDelayAfterAFailureIsToldAndCanBeCleared() {
    caller.running(WEB);
    var task = caller.platform.instances("/web").getFirst().id().task();
    caller.platform.see(task, new Status.Ended(TaskEnd.of(TaskEnd.Reason.GONE, "gone")));
    var queue = caller.get("/v2/queue").json();
    assertThat(queue.at("/queue/0/delay/timeLeftSeconds").asInt()).isEqualTo(1);
    assertThat(queue.at("/queue/0/delay/overdue").asBoolean()).isFalse();
    assertThat(caller.delete("/v2/queue/web/delay").status()).isEqualTo(204);
    caller.platform.settle();
    assertThat(caller.get("/v2/queue").text()).isEqualTo("{\"queue\":[]}");
  }

  @Test
  void nothingThatWaitsHasNoDelay() {
    var answer = caller.delete("/v2/queue//web/delay");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("/message")).isEqualTo("Application /web not found in tasks queue.");
  }

  @Test
  void unusedOffersAreToldOnlyWhenAsked() {
    caller.post("/v2/apps", "{\"id\": \"huge\", \"cmd\": \"x\", \"mem\": 99999, \"instances\": 3}");
    caller.platform.pass(Duration.ofSeconds(3));
    var item = caller.get("/v2/queue").json().at("/queue/0");
    assertThat(item.has("lastUnusedOffers")).isFalse();
    assertThat(item.has("role")).isFalse();
    assertThat(item.get("count").asInt()).isEqualTo(3);
    assertThat(
            caller
                .get("/v2/queue?embed=lastUnusedOffers")
                .json()
                .at("/queue/0/lastUnusedOffers")
                .size())
        .isEqualTo(2);
  }
}
