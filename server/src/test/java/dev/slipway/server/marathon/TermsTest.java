package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import org.junit.jupiter.api.Test;

/// Slipway's own parameters of wishes, which old clients never send.
class TermsTest {
  private final Caller caller = Caller.withNodes();

  private static String app(String id, String rest) {
    return "{\"id\": \"%s\", \"cmd\": \"w\", \"cpus\": 0.1, \"mem\": 16%s}".formatted(id, rest);
  }

  @Test
  void aWishMayWaitForTheDeploymentThatIsInItsWay() {
    caller.post("/v2/apps", app("/web", ""));
    String second = app("/web", ", \"env\": {\"V\": \"2\"}");
    assertThat(caller.put("/v2/apps/web", second).status()).isEqualTo(409);

    var queued = caller.put("/v2/apps/web?queue=true", second);
    assertThat(queued.status()).as(queued.text()).isEqualTo(200);
    assertThat(caller.platform.state().plans().queue()).hasSize(1);
    caller.platform.settle();

    assertThat(caller.platform.state().plans().queue()).isEmpty();
    assertThat(caller.platform.state().app(PathId.of("/web")).orElseThrow().spec().env())
        .containsEntry("V", "2");
  }

  @Test
  void aRemovalMayWaitToo() {
    caller.post("/v2/apps", app("/web", ""));

    assertThat(caller.delete("/v2/apps/web?queue=true").status()).isEqualTo(200);
    assertThat(caller.platform.state().app(PathId.of("/web"))).isPresent();
    caller.platform.settle();
    assertThat(caller.platform.state().app(PathId.of("/web"))).isEmpty();
  }

  @Test
  void unknownDependenciesAreRefusedUnlessTheClientAsksForTheOldWay() {
    String dependent = app("/web", ", \"dependencies\": [\"/nowhere\"]");

    var refused = caller.post("/v2/apps", dependent);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("/nowhere");
    assertThat(caller.post("/v2/apps?allowUnknownDependencies=True", dependent).status())
        .isEqualTo(201);
  }
}
