package dev.slipway.cli;

import static dev.slipway.cli.Answers.DEPLOYMENT;
import static dev.slipway.cli.Answers.RESULT;
import static dev.slipway.cli.Answers.UUID_A;
import static dev.slipway.cli.Answers.UUID_B;
import static dev.slipway.cli.Answers.V1;
import static dev.slipway.cli.Answers.V2;
import static dev.slipway.cli.Answers.app;
import static dev.slipway.cli.Answers.deployment;
import static dev.slipway.cli.Answers.task;
import static dev.slipway.cli.Answers.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {
  private static final String DEPLOYMENT_LINE = "GET /api/v1/deployments/" + DEPLOYMENT;
  private static final String TASKS_OF_WEB = "GET /api/v1/tasks?app=%2Fweb";

  private final ScriptedServer server = new ScriptedServer();

  @AfterEach
  void close() {
    server.close();
  }

  @BeforeEach
  void script() {
    server
        .on(DEPLOYMENT_LINE, deployment("running", 1, ""))
        .then(DEPLOYMENT_LINE, 200, deployment("succeeded", 1, ""))
        .on("GET /api/v1/deployments", "{\"deployments\":[]}")
        .on("GET /v2/apps/web", app("/web", 1, V2))
        .on("GET /v2/apps/web/versions", "{\"versions\":[\"" + V2 + "\",\"" + V1 + "\"]}")
        .on(TASKS_OF_WEB, tasks(task("/web", UUID_A, "running", "true", V2)));
  }

  @Test
  void scaleChangesTheNumberAloneAndWaits() {
    server.on("PUT /v2/apps/web", RESULT);
    Run run = Run.of(server, "scale", "web=1");
    assertThat(run.code()).isZero();
    assertThat(run.lastLine()).startsWith("/web scaled: 1/1 instance healthy");
    assertThat(server.request("PUT /v2/apps/web").body()).isEqualTo("{\"instances\":1}");
  }

  @Test
  void scaleToNothingSaysSo() {
    server
        .on("PUT /v2/apps/web", RESULT)
        .on("GET /v2/apps/web", app("/web", 0, V2))
        .on(TASKS_OF_WEB, tasks());
    assertThat(Run.of(server, "scale", "web=0").lastLine())
        .startsWith("/web scaled: no instance is wanted, none runs");
  }

  @Test
  void severalAppsAreScaledAtOnce() {
    server.on("PUT /v2/apps?force=true", RESULT).on("GET /v2/apps/db", app("/db", 1, V1));
    assertThat(Run.of(server, "scale", "web=2", "db=3", "--force", "--detach").code()).isZero();
    assertThat(
            Json.read(
                    server
                        .request("PUT /v2/apps?force=true")
                        .body()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .items())
        .extracting(update -> update.at("id").text() + "=" + update.at("instances").whole())
        .containsExactlyInAnyOrder("/web=2", "/db=3");
  }

  @Test
  void scalingKeepsInstancesOfTheSameConfigurationAsReady() {
    // Scaling makes a new version, but the instances that run keep theirs.
    String scaled =
        app("/web", 1, V2)
            .replace("\"lastConfigChangeAt\":\"" + V2, "\"lastConfigChangeAt\":\"" + V1);
    server
        .on("PUT /v2/apps/web", RESULT)
        .on(DEPLOYMENT_LINE, deployment("succeeded", 1, "").replace("Restart", "Scale"))
        .on("GET /v2/apps/web", scaled)
        .on(TASKS_OF_WEB, tasks(task("/web", UUID_A, "running", "true", V1)));
    assertThat(Run.of(server, "scale", "web=1").code()).isZero();
  }

  @Test
  void restartWaitsUntilEveryInstanceIsNew() {
    server
        .on("POST /v2/apps/web/restart", RESULT)
        .on(TASKS_OF_WEB, tasks(task("/web", UUID_A, "running", "true", V1)))
        .then(TASKS_OF_WEB, 200, tasks(task("/web", UUID_B, "running", "true", V2)));
    Run run = Run.of(server, "restart", "/web");
    assertThat(run.out()).contains("/web  0/1 ready, 1 of the old version");
    assertThat(run.lastLine()).startsWith("/web restarted: 1/1 instance healthy");
  }

  @Test
  void rollbackGoesToTheVersionBeforeTheNewest() {
    server.on("PUT /v2/apps/web", RESULT);
    Run run = Run.of(server, "rollback", "web");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEqualTo("Going back to version " + V1 + "\n");
    assertThat(run.lastLine()).startsWith("/web rolled back: 1/1");
    assertThat(server.request("PUT /v2/apps/web").body()).isEqualTo("{\"version\":\"" + V1 + "\"}");
  }

  @Test
  void rollbackTakesTheBeginningOfAVersion() {
    server.on("PUT /v2/apps/web", RESULT);
    assertThat(Run.of(server, "rollback", "web", "2026-11-22T05:00", "--detach").code()).isZero();
    Run unknown = Run.of(server, "rollback", "web", "2025");
    assertThat(unknown.code()).isEqualTo(3);
    assertThat(unknown.err()).contains("/web has no version 2025").contains(V1);
    assertThat(Run.of(server, "rollback", "web", "2026")).returns(2, Run::code);
  }

  @Test
  void rollbackCancelsADeploymentThatRuns() {
    server
        .on(
            "GET /api/v1/deployments",
            "{\"deployments\":[{\"id\":\"running-1\",\"state\":\"running\",\"apps\":[\"/web\"]}]}")
        .on("DELETE /v2/deployments/running-1", RESULT);
    Run run = Run.of(server, "rollback", "web");
    assertThat(run.lastLine()).startsWith("/web rolled back");
    assertThat(server.lines())
        .contains("DELETE /v2/deployments/running-1")
        .doesNotContain("PUT /v2/apps/web");
  }

  @Test
  void anAppOfOneVersionHasNoWayBack() {
    server.on("GET /v2/apps/web/versions", "{\"versions\":[\"" + V1 + "\"]}");
    assertThat(Run.of(server, "rollback", "web")).returns(3, Run::code);
  }

  @Test
  void destroyWaitsUntilNothingRuns() {
    server
        .on("DELETE /v2/apps/web?force=true", RESULT)
        .on(DEPLOYMENT_LINE, deployment("running", 1, ""), deployment("running", 1, ""))
        .then(DEPLOYMENT_LINE, 200, deployment("succeeded", 1, ""))
        .on("GET /v2/apps/web", 404, "{}")
        .on(TASKS_OF_WEB, tasks(task("/web", UUID_A, "killing", "null", V1)))
        .then(TASKS_OF_WEB, 200, tasks());
    Run run = Run.of(server, "destroy", "web");
    assertThat(run.out()).contains("/web  1 instance to stop");
    assertThat(run.lastLine()).startsWith("/web destroyed: nothing of it runs any more");
    assertThat(run.code()).isZero();
  }

  @Test
  void aGroupIsDestroyedOnlyWhenNamedAsOne() {
    server.on("DELETE /v2/groups/shop?force=false", RESULT);
    assertThat(Run.of(server, "destroy", "--group", "/shop", "--detach").code()).isZero();
    assertThat(Run.of(server, "destroy", "--group", "/").code()).isEqualTo(2);
  }

  @Test
  void killTakesAPartOfAnIdThatOnlyOneTaskHas() {
    server
        .on(
            "GET /api/v1/tasks",
            tasks(
                task("/web", UUID_A, "running", "true", V2),
                task("/web", UUID_B, "running", "true", V2)))
        .on("POST /v2/tasks/delete?scale=false", "{\"tasks\":[]}")
        .on("POST /v2/tasks/delete?scale=true", RESULT);
    assertThat(Run.of(server, "kill", "3f2a").out()).startsWith("Killing web.instance-" + UUID_A);
    assertThat(server.request("POST /v2/tasks/delete?scale=false").body())
        .isEqualTo("{\"ids\":[\"web.instance-" + UUID_A + "._app.1\"]}");
    assertThat(Run.of(server, "kill", "77b1d2e3", "--scale").lastLine()).startsWith("/web scaled");
    assertThat(Run.of(server, "kill", "web.instance-")).returns(2, Run::code);
    assertThat(Run.of(server, "kill", "3f2")).returns(3, Run::code);
    assertThat(Run.of(server, "kill", "nothing")).returns(3, Run::code);
  }

  @Test
  void drainWaitsUntilTheNodeIsEmpty() {
    String node = "{\"nodes\":[{\"id\":\"node-1\",\"state\":\"draining\",\"instances\":%d}]}";
    server
        .on("POST /api/v1/nodes/node-1/drain", "{}")
        .on("GET /api/v1/nodes", node.formatted(2), node.formatted(1), node.formatted(0));
    Run run = Run.of(server, "drain", "node-1");
    assertThat(run.lines()).contains("node-1  2 instances to move", "node-1  1 instance to move");
    assertThat(run.lastLine()).startsWith("node-1 is empty after");
    assertThat(run.code()).isZero();
  }

  @Test
  void drainThatTakesTooLongFailsAndSaysThatItGoesOn() {
    server
        .on("POST /api/v1/nodes/node-1/drain", "{}")
        .on(
            "GET /api/v1/nodes",
            "{\"nodes\":[{\"id\":\"node-1\",\"state\":\"draining\",\"instances\":2}]}");
    Run run = Run.of(server, "drain", "node-1", "--timeout", "1s");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lastLine())
        .contains("FAILED: node-1 still has 2 instances")
        .contains("drained further");
  }

  @Test
  void drainIsUndoneAndKnowsItsNodes() {
    server
        .on("DELETE /api/v1/nodes/node-1/drain", "{}")
        .on(
            "GET /api/v1/nodes",
            "{\"nodes\":[{\"id\":\"node-1\",\"state\":\"ready\",\"instances\":2}]}");
    assertThat(Run.of(server, "drain", "node-1", "--undo").out())
        .isEqualTo("node-1 may be used again\n");
    assertThat(Run.of(server, "drain", "ndoe-1").err()).contains("Did you mean node-1?");
  }

  @Test
  void anArtifactIsStoredByteForByte(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("web.tar"), "bytes");
    server
        .on(
            "PUT /api/v1/artifacts/web-1.tar",
            201,
            "{\"name\":\"web-1.tar\",\"sha256\":\"abc\",\"size\":5,\"uri\":\"slipway://web-1.tar\"}")
        .on("DELETE /api/v1/artifacts/web-1.tar", 204, "");
    Run run = Run.of(server, "artifact", "put", file.toString(), "--name", "web-1.tar");
    assertThat(run.out()).isEqualTo("slipway://web-1.tar  5 B  sha256 abc\n");
    assertThat(server.request("PUT /api/v1/artifacts/web-1.tar").body()).isEqualTo("bytes");
    assertThat(Run.of(server, "artifact", "delete", "web-1.tar").code()).isZero();
    assertThat(Run.of(server, "artifact", "put", directory.toString()).code()).isEqualTo(2);
  }
}
