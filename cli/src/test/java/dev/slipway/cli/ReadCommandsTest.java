package dev.slipway.cli;

import static dev.slipway.cli.Answers.UUID_A;
import static dev.slipway.cli.Answers.UUID_B;
import static dev.slipway.cli.Answers.V1;
import static dev.slipway.cli.Answers.V2;
import static dev.slipway.cli.Answers.app;
import static dev.slipway.cli.Answers.task;
import static dev.slipway.cli.Answers.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadCommandsTest {
  private static final String WEB = bare(app("/web", 2, V1));
  private static final String CART =
      bare(app("/shop/backend/very-long-group-name/cart-service", 3, V2));

  private final ScriptedServer server = new ScriptedServer();

  private static String bare(String app) {
    return app.replaceFirst("\\{\"app\":", "").replaceFirst("}$", "");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @BeforeEach
  void script() {
    server
        .on("GET /v2/apps", "{\"apps\":[" + WEB + "," + CART + "]}")
        .on("GET /v2/apps/web", app("/web", 2, V1))
        .on("GET /v2/apps/web/versions", "{\"versions\":[\"" + V1 + "\",\"" + V2 + "\"]}")
        .on(
            "GET /api/v1/tasks",
            tasks(
                task("/web", UUID_A, "running", "true", V1),
                task("/web", UUID_B, "staging", "null", V1)))
        .on(
            "GET /api/v1/deployments",
            """
            {"deployments":[{"id":"d-1","version":"v","state":"running","startedAt":"%s","step":1,"steps":3,
              "actions":[],"apps":["/web","/db"],"failures":[],
              "waits":[{"app":"/web","since":"%s","reason":"no node has 64 cpus"}]}]}\
            """
                .formatted(V1, V1))
        .on(
            "GET /v2/queue",
            """
            {"queue":[{"app":{"id":"/web"},"count":2,"since":"%s","delay":{"timeLeftSeconds":0,"overdue":true},
              "processedOffersSummary":{"rejectSummaryLastOffers":[
                {"reason":"UnfulfilledConstraint","declined":1,"processed":3},
                {"reason":"InsufficientCpus","declined":2,"processed":2}]}},
             {"app":{"id":"/db"},"count":1,"since":"%s","delay":{"timeLeftSeconds":12,"overdue":false}}]}\
            """
                .formatted(V1, V1))
        .on(
            "GET /api/v1/apps/web/explain",
            """
            {"app":"/web","priority":10,"instances":3,"running":1,"healthy":1,"waiting":2,
             "waits":[{"since":"%s","reason":"no node fits"}],
             "nodes":[{"node":"one","reason":"InsufficientCpus","detail":"wants 64 cpus, 1.5 are free","fits":false}],
             "nearestFit":"one, with 62.5 cpus more","backoff":{"delaySeconds":8,"until":"%s"},
             "lastFailure":{"task":"t-1","node":"one","version":"%s","at":"%s","reason":"failed",
               "message":"exited with code 3","exitCode":3,"failures":4}}\
            """
                .formatted(V1, V2, V1, V1))
        .on(
            "GET /api/v1/nodes",
            """
            {"nodes":[{"id":"node-1","hostname":"one","address":"127.0.0.1","state":"ready","since":"%s",
              "attributes":{"zone":"a","disk":"ssd"},"dedicated":["disk"],"capacity":{"cpus":2,"mem":24000,"disk":1000,"gpus":0},
              "offered":{"cpus":3,"mem":24000,"disk":1000,"gpus":0},
              "used":{"cpus":0.5,"mem":128,"disk":0,"gpus":0},"instances":3}]}\
            """
                .formatted(V1))
        .on(
            "GET /api/v1/artifacts",
            """
            {"artifacts":[{"name":"web.tar.gz","sha256":"%s","size":1572864,"createdAt":"%s"}]}\
            """
                .formatted("ab".repeat(32), V1));
    for (String prefix : List.of("GET /v2/apps", "GET /api/v1/tasks")) {
      server.on(prefix + "?app=%2Fweb", tasks(task("/web", UUID_A, "running", "true", V1)));
    }
  }

  @Test
  void appsAreListedWithTheirStateAndNumbersToTheRight() {
    Run run = Run.of(server, "apps");
    assertThat(run.code()).isZero();
    assertThat(run.lines().get(0)).matches("APP +RUNNING +HEALTHY +STATE +CPUS +MEM +CHANGED");
    assertThat(run.lines().get(1)).startsWith("/shop/backend/very-long-group-name/cart-service");
    assertThat(run.lines().get(2)).matches("/web +2/2 +2 +running +0.5 +128 +\\d+[smhd]");
  }

  @Test
  void anAppIsShownWithItsDefinitionVersionsLastFailureAndInstances() {
    Run run = Run.of(server, "app", "web");
    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .contains(
            "command        run",
            "each           0.5 cpus, 128 MiB memory, 0 MiB disk",
            "health checks  HTTP /health every 5 s",
            "ports          10001/tcp",
            "constraints    hostname UNIQUE",
            "depends on     /db",
            "versions       " + V2 + ", " + V1)
        .anyMatch(line -> line.matches("last failure   \\d+. ago on one: exited with code 3"))
        .anyMatch(line -> line.startsWith("web.instance-" + UUID_A));
  }

  @Test
  void instancesAreListedWithUsageAgainstRequest() {
    Run run = Run.of(server, "ps");
    assertThat(run.lines().get(1))
        .matches("web.instance-" + UUID_A + "  node-1  running  healthy +0.42/0.5  37.4/128 +\\S+");
    assertThat(run.lines().get(2)).contains("staging  -  ");
  }

  @Test
  void tasksAreListedWithHostPortsAndAddresses() {
    assertThat(Run.of(server, "tasks", "/web").lines().get(1))
        .matches("web.instance-" + UUID_A + "._app.1  one   31001,31002  10.244.1.7  running  .*");
  }

  @Test
  void deploymentsAreListedWithWhatTheyWaitFor() {
    assertThat(Run.of(server, "deployments").lines().get(1))
        .matches("d-1 +running +1/3  /web, /db +\\S+  /web  waits: no node has 64 cpus");
  }

  @Test
  void theQueueTellsDelaysAndReasons() {
    Run run = Run.of(server, "queue");
    assertThat(run.lines().get(1)).endsWith("InsufficientCpus on 2, UnfulfilledConstraint on 1");
    assertThat(run.lines().get(2)).endsWith("a delay after failures, 12 s more");
  }

  @Test
  void explainTellsNodeByNodeWhyAnAppWaits() {
    Run run = Run.of(server, "explain", "web");
    assertThat(run.out())
        .contains("/web wants 3 instances: 1 running, 1 healthy, 2 waiting")
        .contains("its priority is 10")
        .contains(": no node fits")
        .contains("delayed by 8 s after failures")
        .contains("failed 4 times; the last time")
        .contains("one   no    InsufficientCpus  wants 64 cpus, 1.5 are free")
        .contains("nearest fit: one, with 62.5 cpus more");
  }

  @Test
  void nodesAreListedWithWhatIsTaken() {
    assertThat(Run.of(server, "nodes").lines().get(1))
        .matches("node-1 +ready +3 +0.5/3 +128/24000 +0/1000 +one +zone=a,disk=ssd[*]");
  }

  @Test
  void gpusAreShownWhereThereAreAny() {
    server.on(
        "GET /api/v1/nodes",
        """
        {"nodes":[{"id":"a","hostname":"one","address":"127.0.0.1","state":"ready","since":"%s",
          "attributes":{},"capacity":{"cpus":2,"mem":100,"disk":10,"gpus":2},
          "used":{"cpus":0.5,"mem":10,"disk":0,"gpus":0.5},"instances":3}]}\
        """
            .formatted(V1));
    Run run = Run.of(server, "nodes");
    assertThat(run.lines().get(0)).contains("GPUS");
    assertThat(run.lines().get(1)).matches("a +ready +3 +0.5/2 +10/100 +0/10 +0.5/2 +one +-?");
  }

  @Test
  void pausedEvictionsAreToldAndResumed() {
    String node =
        """
        {%s"nodes":[{"id":"a","hostname":"one","address":"127.0.0.1","state":"unreachable",
          "since":"%s","attributes":{},"capacity":{"cpus":2,"mem":100,"disk":10,"gpus":0},
          "used":{"cpus":0.5,"mem":10,"disk":0,"gpus":0},"instances":3}]}\
        """;
    String paused =
        "\"evictionsPaused\":{\"since\":\"%s\",\"reason\":\"3 of 8 nodes went silent\",\"silent\":[]},"
            .formatted(V1);
    server.on("GET /api/v1/nodes", node.formatted(paused, V1), node.formatted("", V1));
    server.on("POST /api/v1/nodes/resume-evictions", "");
    assertThat(Run.of(server, "nodes").err())
        .contains("since " + V1 + ", as 3 of 8 nodes went silent.")
        .contains("slipway nodes --resume-evictions");
    assertThat(Run.of(server, "nodes", "--resume-evictions").err()).doesNotContain("silent");
  }

  @Test
  void riskAndPressureAreShownWhereThereIsAny() {
    server.on(
        "GET /api/v1/nodes",
        """
        {"nodes":[{"id":"a","hostname":"one","address":"127.0.0.1","state":"ready","since":"%s",
          "attributes":{},"capacity":{"cpus":2,"mem":100,"disk":10,"gpus":0},
          "used":{"cpus":0.5,"mem":10,"disk":0,"gpus":0},"instances":3,"disruptionRisk":"low",
          "pressure":{"level":"high","cause":"/noisy uses cpus 3.2 of 1 requested"}}]}\
        """
            .formatted(V1));
    Run run = Run.of(server, "nodes");
    assertThat(run.lines().get(0)).matches(".* RISK +PRESSURE .*");
    assertThat(run.lines().get(1)).matches("a +ready +3 +0.5/2 +10/100 +0/10 +low +high +one +-?");
  }

  @Test
  void closedNodesAreShownWithTheReasonAndLimitsBesideWhatIsThere() {
    server.on(
        "GET /api/v1/nodes",
        """
        {"nodes":[{"id":"a","hostname":"one","address":"127.0.0.1","state":"closed","closed":"memory pressure",
          "since":"%s","attributes":{},"capacity":{"cpus":2,"mem":100,"disk":10,"gpus":0},
          "used":{"cpus":0.5,"mem":10,"disk":0,"gpus":0},"instances":3,"mostTasks":110},
         {"id":"b","hostname":"two","address":"127.0.0.2","state":"ready","since":"%s","attributes":{},
          "capacity":{"cpus":2,"mem":100,"disk":10,"gpus":0},
          "used":{"cpus":0,"mem":0,"disk":0,"gpus":0},"instances":0}]}\
        """
            .formatted(V1, V1));
    Run run = Run.of(server, "nodes");
    assertThat(run.lines().get(0)).contains(" CLOSED ");
    assertThat(run.lines().get(1))
        .matches("a +closed +3/110 +0.5/2 +10/100 +0/10 +memory pressure +one +-?");
    assertThat(run.lines().get(2)).matches("b +ready +0 +0/2 +0/100 +0/10 +- +two +-?");
  }

  @Test
  void artifactsAreListedWithSizeAndChecksum() {
    assertThat(Run.of(server, "artifact", "list").lines().get(1))
        .matches("web.tar.gz +1.5 MiB +(ab){32} +\\S+");
  }

  @ParameterizedTest
  @CsvSource({
    "apps, GET /v2/apps",
    "app web, GET /v2/apps/web",
    "ps, GET /api/v1/tasks",
    "tasks, GET /api/v1/tasks",
    "deployments, GET /api/v1/deployments",
    "queue, GET /v2/queue",
    "explain web, GET /api/v1/apps/web/explain",
    "nodes, GET /api/v1/nodes",
    "artifact list, GET /api/v1/artifacts"
  })
  void jsonIsTheServersOwnAnswerUnchanged(String line, String request) {
    server.on(request, "{\"own\":[1.50,  \"ü\"]}");
    Run before = Run.of(server, ("--json " + line).split(" "));
    Run after = Run.of(server, (line + " --json").split(" "));
    assertThat(before.out()).isEqualTo("{\"own\":[1.50,  \"ü\"]}\n").isEqualTo(after.out());
    assertThat(before.code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 200})
  void noTableIsWiderThanTheTerminal(int width) {
    for (String line :
        List.of(
            "apps",
            "app web",
            "ps",
            "tasks",
            "deployments",
            "queue",
            "explain web",
            "nodes",
            "artifact list")) {
      Run run = Run.onTerminal(server, width, line.split(" "));
      assertThat(run.lines())
          .as(line)
          .allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(width));
      assertThat(run.code()).isZero();
    }
  }

  @Test
  void aNarrowTerminalShortensTheMiddleOfIdsAndAWideOneShowsThemWhole() {
    assertThat(Run.onTerminal(server, 60, "apps").out())
        .contains("/shop/")
        .contains("…")
        .contains("-service");
    assertThat(Run.onTerminal(server, 200, "apps").out())
        .doesNotContain("…")
        .contains("cart-service");
  }

  @Test
  void aLocaleWithoutUnicodeSeesAsciiOnly() {
    Run run =
        Run.with(
            new Screen(true, 60, false),
            java.util.Map.of("SLIPWAY_URL", server.url(), "NO_COLOR", "1"),
            "",
            "apps");
    assertThat(run.out()).contains("..").matches("\\p{ASCII}*");
  }

  @Test
  void coloursAppearOnATerminalOnlyOrWhenAsked() {
    var environment = java.util.Map.of("SLIPWAY_URL", server.url());
    Screen terminal = new Screen(true, 100, true);
    assertThat(Run.with(terminal, environment, "", "apps").out()).contains("\u001b[32mrunning");
    assertThat(Run.with(terminal, environment, "", "apps", "--color=never").out())
        .doesNotContain("\u001b");
    assertThat(Run.onTerminal(server, 100, "apps").out()).doesNotContain("\u001b");
    assertThat(Run.of(server, "apps").out()).doesNotContain("\u001b");
    assertThat(Run.of(server, "apps", "--color", "always").out()).contains("\u001b[32mrunning");
  }

  @Test
  void nothingToListIsSaidWithWhatToDo() {
    server.on("GET /v2/apps", "{\"apps\":[]}").on("GET /v2/queue", "{\"queue\":[]}");
    assertThat(Run.of(server, "apps").out())
        .isEqualTo("No apps. Deploy one with `slipway deploy FILE`.\n");
    assertThat(Run.of(server, "queue").out()).isEqualTo("Nothing waits.\n");
  }

  @Test
  void controlCharactersOfAServerNeverReachTheTerminal() {
    server.on("GET /api/v1/nodes", "{\"nodes\":[{\"id\":\"a\\u001b[2Jb\",\"state\":\"ready\"}]}");
    assertThat(Run.of(server, "nodes").out()).doesNotContain("\u001b").contains("a [2Jb");
  }
}
