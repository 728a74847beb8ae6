package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Tasks that end although they should not.
class FailureTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("failure");

  private final RunningServer server = SHARED.get();

  @Test
  void aCrashLoopIsSlowedDownMoreAndMoreAndEndsWhenTheAppIsMended() {
    App crashing =
        App.running("/job", "echo broken; exit 7")
            .with("backoffSeconds", 0.3)
            .with("backoffFactor", 2);
    server.create(crashing);

    Set<Double> delays = new TreeSet<>();
    Eventually.so(
        "the delay has grown",
        () -> {
          JsonNode backoff = explained().path("backoff").path("delaySeconds");
          if (backoff.isNumber()) {
            delays.add(backoff.asDouble());
          }
          return delays.size() >= 3;
        });
    assertThat(delays).isSubsetOf(0.3, 0.6, 1.2, 2.4, 4.8, 9.6, 19.2);

    Eventually.so("it waits in the queue", () -> queued().path("count").asInt() == 1);
    assertThat(queued().path("app").path("id").asString()).isEqualTo("/job");
    assertThat(queued().path("delay").path("overdue").isBoolean()).isTrue();
    JsonNode failure = explained().path("lastFailure");
    assertThat(failure.path("exitCode").asInt()).isEqualTo(7);
    assertThat(failure.path("failures").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(server.slipway("explain", "/job").out()).contains("failed").contains("7");
    Eventually.holds(
        "the command shows it", () -> assertThat(server.slipway("queue").out()).contains("/job"));

    App mended = App.sleeping("/job");
    String mending =
        server.client().put("/v2/apps/job?force=true", mended).expect(200).deployment();
    server.awaitSuccess(mending);

    assertThat(server.tasks("/job").running()).hasSize(1);
    assertThat(server.client().json("/v2/queue").path("queue").isEmpty()).isTrue();
  }

  private JsonNode explained() {
    return server.client().json("/api/v1/apps/job/explain");
  }

  private JsonNode queued() {
    return server.client().json("/v2/queue").path("queue").path(0);
  }

  @Test
  void whoTakesMoreMemoryThanAskedForIsToldSo() throws Exception {
    String line = "exec dd if=/dev/zero of=/dev/null bs=512M";
    server.create(App.running("/job", line));
    assumeTrue(memoryIsLimited(), "the memory of tasks cannot be limited on this machine");

    Eventually.so(
        "the failure is told",
        () -> !explained().path("lastFailure").path("reason").isMissingNode());

    JsonNode failure = explained().path("lastFailure");
    assertThat(failure.path("reason").asString()).isEqualTo("OUT_OF_MEMORY");
    assertThat(failure.path("message").asString()).containsIgnoringCase("memory").contains("32");
  }

  /// Whether a group that limits memory was made for some task.
  private static boolean memoryIsLimited() throws Exception {
    Path groups = Path.of("/sys/fs/cgroup");
    if (!Files.isDirectory(groups)) {
      return false;
    }
    try (Stream<Path> found =
        Files.find(
            groups,
            3,
            (path, attributes) ->
                path.toString().contains("/slipway-")
                    && (path.endsWith("memory.limit_in_bytes") || path.endsWith("memory.max")))) {
      return found.findAny().isPresent();
    }
  }
}
