package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.control.Input;
import dev.slipway.core.deployment.Deployment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A deployment that stood still for too long and was to be paused.
class ResumeTest {
  private World world;
  private ApiFixture api;

  @BeforeEach
  void start() {
    world = World.withNodes(1, 4);
    api = new ApiFixture(world);
    world.put(stuck());
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static AppSpec stuck() {
    var second = Duration.ofSeconds(1);
    var check = new HealthCheck(new HealthCheck.Probe.Exec("x"), second, second, second, 0, false);
    var rollout =
        new Rollout(Optional.empty(), Optional.of(Duration.ofSeconds(60)), Rollout.OnFailure.PAUSE);
    return World.app("/web", 0.5, 1).toBuilder()
        .healthChecks(List.of(check))
        .rollout(rollout)
        .build();
  }

  private Deployment deployment() {
    return world.state().deployments().values().iterator().next();
  }

  private int resume(String id) {
    return api.client.send("POST", "/api/v1/deployments/" + id + "/resume", "").status();
  }

  @Test
  void goesOnWhenSomebodySaysSo() {
    String id = deployment().id().value();
    assertThat(resume(id)).as("it is not paused yet").isEqualTo(409);
    world.pass(Duration.ofMinutes(2));
    world.tell(new Input.Due(new TreeSet<>(List.of(PathId.of("/web")))));
    assertThat(deployment().isPaused()).isTrue();
    assertThat(api.json("/api/v1/deployments").at("/deployments/0/state").asString())
        .isEqualTo("paused");

    assertThat(resume(id)).isEqualTo(204);

    assertThat(deployment().isPaused()).isFalse();
  }

  @Test
  void isNotFoundWhereThereIsNone() {
    assertThat(resume("x")).isEqualTo(404);
    assertThat(resume("867ed450-f6a8-4d33-9b0e-e11c5513990b")).isEqualTo(404);
  }
}
