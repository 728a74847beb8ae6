package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Priorities as Marathon's API shows them. Each of the two nodes has four cores.
class PriorityTest {
  private final Caller caller = Caller.withNodes();

  private static String app(String id, int priority, double cpus) {
    return """
        {"id": "%s", "cmd": "run", "cpus": %s, "mem": 16, "instances": 2,
         "upgradeStrategy": {"minimumHealthCapacity": 0, "maximumOverCapacity": 0},
         "scheduling": {"priority": %d}}
        """
        .formatted(id, cpus, priority);
  }

  private int running(String id) {
    return caller.get("/v2/apps" + id).json().at("/app/tasksRunning").asInt();
  }

  @Test
  void oneOfHigherPriorityDisplacesAnother() {
    caller.running(app("/batch", -10, 4));
    assertThat(running("/batch")).isEqualTo(2);

    caller.running(app("/web", 10, 3));

    assertThat(running("/web")).isEqualTo(2);
    assertThat(running("/batch")).isZero();
    assertThat(caller.get("/v2/apps/web").json().at("/app/scheduling/priority").asInt())
        .isEqualTo(10);
    assertThat(caller.get("/v2/queue").json().at("/queue/0/app/scheduling/priority").asInt())
        .isEqualTo(-10);
    assertThat(caller.get("/v2/queue").json().at("/queue/0/count").asInt()).isEqualTo(2);
  }

  @Test
  void roomThatIsKeptIsNotOfferedToOthers() {
    caller.running(app("/batch", 0, 4));
    caller.post("/v2/apps", app("/web", 10, 3));
    caller.post("/v2/apps", app("/third", 0, 1));

    var queue = caller.get("/v2/queue?embed=lastUnusedOffers").json();
    assertThat(queue.at("/queue/1/app/id").asString()).isEqualTo("/third");
    assertThat(queue.at("/queue/1/processedOffersSummary/unusedOffersCount").asInt()).isEqualTo(2);
  }
}
