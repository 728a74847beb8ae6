package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Program;
import dev.slipway.endtoend.harness.RunningServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The server goes and comes; the tasks stay.
class RestartTest {

  @Test
  void runningTasksAreFoundAgainAndMissedExitsAreToldWithTheirRealCode() {
    try (var server = RunningServer.start("restart")) {
      server.createAndAwait(App.web("/web", "1").with("instances", 2));
      server.createAndAwait(App.sleeping("/nap").with("instances", 3));
      server.createAndAwait(
          App.running("/job", "trap 'exit 23' USR1; touch ready; while :; do sleep 0.05; done"));
      Map<String, Program> before = server.programs();
      assertThat(before).hasSize(6);
      String job = server.tasks("/job").only().id();
      Eventually.so(
          "the job listens", () -> server.slipway("ps").code() == 0 && isReady(server, job));

      server.killHard();
      end(server.program(job));
      Eventually.so("the job has ended", () -> !server.programs().containsKey(job));
      server.start();

      Eventually.so(
          "the exit is told", () -> lastFailure(server).path("task").asString().equals(job));
      assertThat(lastFailure(server).path("exitCode").asInt()).isEqualTo(23);
      Eventually.so("the job runs anew", () -> server.programs().size() == 6);
      Eventually.so("health goes on", () -> server.tasks("/web").healthy().size() == 2);
      before.remove(job);
      assertThat(server.programs()).containsAllEntriesOf(before);

      server.stop();
      assertThat(server.programs()).containsAllEntriesOf(before);
      server.start();

      Eventually.so("health goes on", () -> server.tasks("/web").healthy().size() == 2);
      assertThat(server.programs()).hasSize(6).containsAllEntriesOf(before);
      assertThat(server.client().json("/v2/deployments").isEmpty()).isTrue();
    }
  }

  private static boolean isReady(RunningServer server, String task) {
    return server
        .client()
        .json("/api/v1/tasks/" + task + "/files?path=")
        .path("entries")
        .toString()
        .contains("ready");
  }

  private static void end(Program program) {
    assertThat(dev.slipway.endtoend.harness.Machine.run("kill", "-USR1", "" + program.pid()))
        .isZero();
  }

  private static JsonNode lastFailure(RunningServer server) {
    return server.client().json("/api/v1/apps/job/explain").path("lastFailure");
  }
}
