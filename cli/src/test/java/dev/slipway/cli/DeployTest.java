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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployTest {
  private static final String DEPLOYMENT_LINE = "GET /api/v1/deployments/" + DEPLOYMENT;
  private static final String PUT_APP = "PUT /v2/apps/web?partialUpdate=false";

  private final ScriptedServer server = new ScriptedServer();

  @TempDir Path directory = Path.of("");

  @AfterEach
  void close() {
    server.close();
  }

  private String file(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String webFile() {
    return file("web.json", "{\"id\":\"web\",\"cmd\":\"run\",\"instances\":2}");
  }

  private void updateThatSucceeds() {
    server
        .on(PUT_APP, RESULT)
        .on(DEPLOYMENT_LINE, deployment("running", 1, ""), deployment("running", 1, ""))
        .then(DEPLOYMENT_LINE, 200, deployment("succeeded", 1, ""))
        .on("GET /v2/apps/web", app("/web", 2, V2))
        .on(
            "GET /api/v1/tasks?app=%2Fweb",
            tasks(task("/web", UUID_A, "running", "true", V1)),
            tasks(
                task("/web", UUID_A, "running", "true", V2),
                task("/web", UUID_B, "staging", "null", V2)),
            tasks(
                task("/web", UUID_A, "running", "true", V2),
                task("/web", UUID_B, "running", "true", V2)));
  }

  @Test
  void anUpdateThatSucceedsEndsWithOneTruthfulLine() {
    updateThatSucceeds();
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .contains("step 1/1: update /web")
        .contains("/web  0/2 ready, 1 of the old version")
        .contains("/web  1/2 ready, 1 not ready yet");
    assertThat(run.lastLine()).matches("/web deployed: 2/2 instances healthy after .*s");
    assertThat(server.request(PUT_APP).body()).contains("\"instances\":2");
  }

  @Test
  void everyChangeIsToldOnceWhereNobodyWatches() {
    updateThatSucceeds();
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.lines()).doesNotHaveDuplicates();
    assertThat(run.out()).doesNotContain("\u001b");
  }

  @Test
  void aTerminalSeesLinesDrawnAnewAndAtLastOnlyTheResult() {
    updateThatSucceeds();
    Run run = Run.onTerminal(server, 60, "deploy", webFile());
    assertThat(run.out()).contains("\u001b[2A\u001b[J");
    String afterLastClearing = run.out().substring(run.out().lastIndexOf("\u001b[J") + 3);
    assertThat(afterLastClearing).startsWith("/web deployed: 2/2").hasLineCount(1);
  }

  @Test
  void jsonTellsEachChangeAndTheEndAsOneObjectALine() {
    updateThatSucceeds();
    Run run = Run.of(server, "--json", "deploy", webFile());
    assertThat(run.lines()).allSatisfy(line -> assertThat(line).startsWith("{\"event\":"));
    Json end = Json.read(run.lastLine().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(end.at("event").text()).isEqualTo("end");
    assertThat(end.at("outcome").text()).isEqualTo("succeeded");
    assertThat(end.at("exitCode").whole()).isZero();
    assertThat(end.at("apps").items().getFirst().at("ready").whole()).isEqualTo(2);
  }

  @Test
  void anAppWithoutHealthChecksIsSaidToRunNotToBeHealthy() {
    updateThatSucceeds();
    server.on("GET /v2/apps/web", app("/web", 2, V2).replaceAll("\"healthChecks\":\\[.*\\],", ""));
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.lastLine()).contains("2/2 instances running (it has no health check)");
  }

  @Test
  void aDeploymentThatEndsOtherwiseTellsInstanceReasonAndOutput() {
    server
        .on(PUT_APP, RESULT)
        .on(
            DEPLOYMENT_LINE,
            deployment("cancelled", 1, ",\"reason\":\"cancelled by a person\"")
                .replace("\"failures\":[]", failures(2)))
        .on("GET /v2/apps/web", app("/web", 2, V2))
        .on("GET /api/v1/tasks?app=%2Fweb", tasks());
    output(UUID_A, "stdout", "starting\n");
    output(UUID_A, "stderr", "boom: no database\n");
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("/web failed 2 times; the last time web.instance-" + UUID_A + "._app.1 on node-1")
        .contains("crashed at start (exit code 3)")
        .contains("last lines of stderr:")
        .contains("boom: no database");
    assertThat(run.lastLine())
        .contains("FAILED: the deployment was cancelled (cancelled by a person)")
        .contains("0/2 ready");
  }

  @Test
  void threeFailuresOfTheNewVersionEndTheWatchAndTellHowToGoBack() {
    server
        .on(PUT_APP, RESULT)
        .on(DEPLOYMENT_LINE, deployment("running", 1, "").replace("\"failures\":[]", failures(3)))
        .on("GET /v2/apps/web", app("/web", 2, V2))
        .on("GET /api/v1/tasks?app=%2Fweb", tasks(task("/web", UUID_B, "running", "true", V1)));
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lastLine())
        .startsWith("FAILED: the new version keeps failing")
        .contains("1 of the old version")
        .contains("goes on at the server; go back with `slipway rollback /web`");
  }

  @Test
  void aTimeoutTellsWhatIsUnreadyAndThatTheDeploymentGoesOn() {
    server
        .on(PUT_APP, RESULT)
        .on(
            DEPLOYMENT_LINE,
            deployment("running", 1, "")
                .replace(
                    "\"waits\":[]",
                    "\"waits\":[{\"app\":\"/web\",\"since\":\""
                        + V2
                        + "\",\"reason\":\"no node has 64 cpus\"}]"))
        .on("GET /v2/apps/web", app("/web", 2, V2))
        .on("GET /api/v1/tasks?app=%2Fweb", tasks(task("/web", UUID_A, "running", "false", V2)));
    output(UUID_A, "stdout", "listening on nothing\n");
    output(UUID_A, "stderr", "");
    Run run = Run.of(server, "deploy", webFile(), "--timeout", "1s");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("/web  waits: no node has 64 cpus")
        .contains("on node-1 runs, but is not healthy")
        .contains("listening on nothing");
    assertThat(run.lastLine())
        .startsWith("FAILED: not done within 1 s: /web has 0/2 ready, 1 not ready yet")
        .contains("The deployment goes on at the server");
  }

  @Test
  void instancesThatWaitForTheSameAreToldTogether() {
    String wait = "{\"app\":\"/web\",\"instance\":\"i-%d\",\"since\":\"x\",\"reason\":\"no cpus\"}";
    String waits = "\"waits\":[" + wait.formatted(1) + "," + wait.formatted(2) + "]";
    updateThatSucceeds();
    server
        .on(DEPLOYMENT_LINE, deployment("running", 1, "").replace("\"waits\":[]", waits))
        .then(DEPLOYMENT_LINE, 200, deployment("succeeded", 1, ""));
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.lines()).containsOnlyOnce("/web  2 instances: no cpus");
  }

  @Test
  void aDeploymentUnknownToTheServerChangedNothing() {
    server
        .on(PUT_APP, RESULT)
        .on("GET /v2/apps/web", app("/web", 1, V1))
        .on("GET /api/v1/tasks?app=%2Fweb", tasks(task("/web", UUID_A, "running", "true", V1)));
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("/web unchanged: 1/1 instance healthy\n");
  }

  @Test
  void aServerThatRestartsMeanwhileIsAskedAgain() {
    updateThatSucceeds();
    server.on(DEPLOYMENT_LINE, 503, "{\"message\":\"starting\"}");
    server.then(DEPLOYMENT_LINE, 200, deployment("succeeded", 1, ""));
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.out()).contains("starting; asking again");
    assertThat(run.code()).isZero();
  }

  @Test
  void aLockedAppIsRefusedWithTheDeploymentThatHoldsIt() {
    server.on(PUT_APP, 409, "{\"message\":\"App is locked\",\"deployments\":[{\"id\":\"d-1\"}]}");
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).contains("App is locked").contains("deployment d-1").contains("--force");
  }

  @Test
  void anInvalidAppIsComplainedOfPathByPath() {
    server.on(
        PUT_APP,
        422,
        """
        {"message":"Object is not valid","details":[
          {"path":"/upgradeStrategy/minimumHealthCapacity","errors":["is greater than 1"]},
          {"path":"/env/PORT","errors":["error.expected.jsstring"]}]}""");
    Run run = Run.of(server, "deploy", webFile());
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err())
        .contains("slipway: Object is not valid")
        .contains("  /upgradeStrategy/minimumHealthCapacity: is greater than 1")
        .contains("  /env/PORT: must be a text")
        .doesNotContain("at dev.slipway");
  }

  @Test
  void aFileThatNamesNoInstancesKeepsTheirNumber() {
    updateThatSucceeds();
    Run run =
        Run.of(server, "deploy", "--detach", file("a.json", "{\"id\":\"/web\",\"cmd\":\"x\"}"));
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Deployment " + DEPLOYMENT + " goes on");
    assertThat(server.request(PUT_APP).body()).contains("\"instances\":2");
  }

  @Test
  void aNewAppInYamlFromTheInputIsCreated() {
    server.on(PUT_APP, 201, RESULT);
    Run run =
        Run.with(
            Run.PIPE,
            Map.of("SLIPWAY_URL", server.url()),
            "id: /web\ncmd: run\nenv:\n  A: b\n",
            "deploy",
            "-",
            "--detach",
            "--json");
    assertThat(run.code()).isZero();
    assertThat(run.json().at("deploymentId").text()).isEqualTo(DEPLOYMENT);
    assertThat(server.request(PUT_APP).body())
        .isEqualTo("{\"id\":\"/web\",\"cmd\":\"run\",\"env\":{\"A\":\"b\"}}");
  }

  @Test
  void aGroupIsPutWholeAndItsAppsAreWatched() {
    String web = app("/shop/web", 1, V2).replaceFirst("\\{\"app\":", "").replaceFirst("}$", "");
    String cart =
        app("/shop/in/cart", 1, V2).replaceFirst("\\{\"app\":", "").replaceFirst("}$", "");
    server
        .on("PUT /v2/groups/shop?force=true", RESULT)
        .on(DEPLOYMENT_LINE, deployment("succeeded", 1, "").replace("/web", "/shop/web"))
        .on("GET /v2/apps?id=%2Fshop", "{\"apps\":[" + web + "," + cart + "]}")
        .on(
            "GET /api/v1/tasks?app=%2Fshop",
            tasks(
                task("/shop/web", UUID_A, "running", "true", V2),
                task("/shop/in/cart", UUID_B, "running", "true", V2)));
    String group =
        "id: /shop\napps:\n- {id: web, cmd: x}\ngroups:\n- id: in\n  apps: [{id: cart, cmd: y}]\n";
    Run run = Run.of(server, "deploy", file("shop.yaml", group), "--force");
    assertThat(run.lastLine()).startsWith("2 apps deployed: all 2 instances healthy");
    assertThat(run.code()).isZero();
  }

  @Test
  void aDryRunOfAGroupShowsTheSteps() {
    server.on(
        "PUT /v2/groups/shop?dryRun=true",
        """
        {"steps":[{"actions":[{"action":"StartApplication","app":"/shop/db"}]},
                  {"actions":[{"action":"RestartApplication","app":"/shop/web"}]}]}""");
    String group = file("g.json", "{\"id\":\"/shop\",\"apps\":[]}");
    assertThat(Run.of(server, "deploy", "--dry-run", group).lines())
        .containsExactly("step 1  start /shop/db", "step 2  update /shop/web");
    assertThat(Run.of(server, "deploy", "--dry-run", "--json", group).json().has("steps")).isTrue();
    assertThat(Run.of(server, "deploy", "--dry-run", webFile()).code()).isEqualTo(2);
  }

  @Test
  void aListOfAppsIsPutAtOnce() {
    server.on("PUT /v2/apps?partialUpdate=false", RESULT);
    String list = file("l.json", "[{\"id\":\"a\",\"instances\":1},{\"id\":\"b\",\"instances\":2}]");
    Run run = Run.of(server, "deploy", "--detach", list);
    assertThat(run.code()).isZero();
    assertThat(server.request("PUT /v2/apps?partialUpdate=false").body())
        .startsWith("[{\"id\":\"a\"");
  }

  @Test
  void aFileThatCannotBeUnderstoodIsWrongUsage() {
    assertThat(Run.of(server, "deploy", "nowhere.json"))
        .returns(2, Run::code)
        .returns("slipway: There is no file nowhere.json\n", Run::err);
    Run broken = Run.of(server, "deploy", file("b.json", "{\"id\": \"/web\",\n  oops}"));
    assertThat(broken.code()).isEqualTo(2);
    assertThat(broken.err()).contains("b.json is no JSON (line 2, column");
    assertThat(Run.of(server, "deploy", file("e.json", " "))).returns(2, Run::code);
    assertThat(Run.of(server, "deploy", file("n.json", "{\"cmd\":\"x\"}")).err())
        .contains("names no id");
    assertThat(server.lines()).isEmpty();
  }

  private static String failures(int count) {
    return "\"failures\":[{\"app\":\"/web\",\"count\":"
        + count
        + ",\"task\":\"web.instance-"
        + UUID_A
        + "._app.1\",\"node\":\"node-1\",\"message\":\"crashed at start\",\"reason\":\"failed\",\"exitCode\":3}]";
  }

  private void output(String uuid, String name, String text) {
    String path = "GET /api/v1/tasks/web.instance-" + uuid + "._app.1/files/read?path=" + name;
    int size = text.length();
    server
        .on(path + "&offset=-1", "{\"data\":\"\",\"offset\":" + size + ",\"size\":" + size + "}")
        .on(
            path + "&offset=0&length=" + size,
            Json.object(Map.of("data", text, "offset", 0, "next", size, "size", size)).write());
  }
}
