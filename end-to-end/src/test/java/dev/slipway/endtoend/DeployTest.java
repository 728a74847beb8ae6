package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.Answer;
import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Program;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import dev.slipway.endtoend.harness.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Apps and groups come, change and go.
class DeployTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("deploy");

  private final RunningServer server = SHARED.get();

  @Test
  void aProcessSeesItsEnvironmentAndItsPorts() throws IOException {
    String line = "env; echo \"words: $WORDS\"; exec sleep 3600";
    App app =
        App.running("/shop/cart", line)
            .with("env", Map.of("WORDS", "a 'quoted' $word; `echo no`"))
            .with("labels", Map.of("team", "a"))
            .with("portDefinitions", List.of(Map.of("port", 0, "name", "http"), Map.of("port", 0)));
    server.createAndAwait(app);

    Tasks.Task task = server.tasks("/shop/cart").only();
    assertThat(task.ports()).hasSize(2).doesNotHaveDuplicates();
    Eventually.holds(
        "the output tells the environment",
        () ->
            assertThat(output(task).lines())
                .contains(
                    "MARATHON_APP_ID=/shop/cart",
                    "MARATHON_APP_LABEL_TEAM=a",
                    "MESOS_TASK_ID=" + task.id(),
                    "HOST=" + task.host(),
                    "PORT=" + task.ports().get(0),
                    "PORT0=" + task.ports().get(0),
                    "PORT1=" + task.ports().get(1),
                    "PORT_HTTP=" + task.ports().get(0),
                    "PORTS=" + task.ports().get(0) + "," + task.ports().get(1),
                    "words: a 'quoted' $word; `echo no`"));
  }

  private String output(Tasks.Task task) {
    String path = "/api/v1/tasks/" + task.id() + "/files/read?path=stdout&offset=0&length=60000";
    return server.client().json(path).path("data").asString();
  }

  @Test
  void theCommandShowsTheDeploymentAndEndsWithOneTruthfulLine() {
    Path file = server.file("web.json", App.web("/web", "1").with("instances", 2));

    CommandRun first = server.slipway("deploy", file.toString());

    assertThat(first.code()).as(first.out() + first.err()).isZero();
    assertThat(first.lastLine()).startsWith("/web deployed: 2/2 instances healthy");
    assertThat(server.tasks("/web").healthy()).hasSize(2);

    CommandRun again = server.slipway("deploy", file.toString());
    assertThat(again.code()).as(again.out() + again.err()).isZero();
    assertThat(again.lastLine()).startsWith("/web unchanged: 2/2 instances healthy");

    assertThat(server.slipway("ps").out().lines()).hasSize(3).noneMatch(line -> line.contains("["));
    CommandRun destroyed = server.slipway("destroy", "/web");
    assertThat(destroyed.code()).as(destroyed.err()).isZero();
    assertThat(destroyed.lastLine()).startsWith("/web").contains("nothing of it runs any more");
    assertThat(server.slipway("app", "/web").code()).isEqualTo(3);
  }

  @Test
  void scalingStartsWhatIsMissingAndEndsWhatIsTooMuch() {
    server.createAndAwait(App.sleeping("/nap").with("instances", 2));
    Map<String, Program> two = server.programs();

    CommandRun up = server.slipway("scale", "/nap=5");
    assertThat(up.code()).as(up.err()).isZero();
    Map<String, Program> five = server.programs();
    assertThat(five).hasSize(5).containsAllEntriesOf(two);

    CommandRun down = server.slipway("scale", "/nap=1");
    assertThat(down.code()).as(down.err()).isZero();
    Eventually.holds("one is left", () -> assertThat(server.programs()).hasSize(1));
    assertThat(five).containsAllEntriesOf(server.programs());
  }

  @Test
  void restartReplacesEachProcessByAnotherOfTheSameConfiguration() {
    server.createAndAwait(App.sleeping("/nap").with("instances", 3));
    Map<String, Program> before = server.programs();

    CommandRun restarted = server.slipway("restart", "/nap");

    assertThat(restarted.code()).as(restarted.err()).isZero();
    Map<String, Program> after = server.programs();
    assertThat(after).hasSize(3).doesNotContainKeys(before.keySet().toArray(String[]::new));
    assertThat(after.values()).doesNotContainAnyElementsOf(before.values());
  }

  @Test
  void anAppGoesBackToAnyOfItsVersions() {
    for (String word : List.of("one", "two", "three")) {
      App app = App.running("/nap", "exec sleep 3600").with("env", Map.of("WORD", word));
      Answer answer = server.client().put("/v2/apps/nap", app);
      assertThat(answer.isGood()).as(answer.body()).isTrue();
      server.awaitSuccess(answer.deployment());
    }
    // Those of apps of the same name that were removed come after them, as in Marathon.
    List<String> versions = versions().subList(0, 3);

    CommandRun toFirst = server.slipway("rollback", "/nap", versions.getLast());
    assertThat(toFirst.code()).as(toFirst.err()).isZero();
    assertThat(word()).isEqualTo("one");
    assertThat(server.tasks("/nap").running()).hasSize(1);

    CommandRun toPrevious = server.slipway("rollback", "/nap");
    assertThat(toPrevious.code()).as(toPrevious.err()).isZero();
    assertThat(word()).isEqualTo("three");

    CommandRun toNone = server.slipway("rollback", "/nap", "1999");
    assertThat(toNone.code()).as(toNone.out()).isEqualTo(3);
  }

  private List<String> versions() {
    List<String> versions = new java.util.ArrayList<>();
    server
        .client()
        .json("/v2/apps/nap/versions")
        .path("versions")
        .forEach(version -> versions.add(version.asString()));
    versions.sort(java.util.Comparator.reverseOrder());
    return versions;
  }

  private String word() {
    return server.client().json("/v2/apps/nap").path("app").path("env").path("WORD").asString();
  }

  @Test
  void aGroupStartsInTheOrderOfItsDependenciesAndEndsInTheReverse() {
    var database =
        App.running("database", "sleep 0.7; touch ready; exec sleep 3600")
            .with(
                "healthChecks",
                List.of(
                    Map.of(
                        "protocol",
                        "COMMAND",
                        "command",
                        Map.of("value", "test -f ready"),
                        "intervalSeconds",
                        0.2,
                        "gracePeriodSeconds",
                        30)));
    var web = App.sleeping("web").with("dependencies", List.of("database"));
    var group =
        Map.of(
            "id", "/shop",
            "apps", List.of(web.json(), database.json()),
            "groups", List.of(Map.of("id", "inner", "apps", List.of(App.sleeping("job").json()))));
    Path file =
        server.file("shop.json", new tools.jackson.databind.ObjectMapper().valueToTree(group));

    CommandRun deployed = server.slipway("deploy", file.toString());

    assertThat(deployed.code()).as(deployed.out() + deployed.err()).isZero();
    assertThat(deployed.lastLine()).startsWith("3 apps deployed: all 3 instances running");
    assertThat(started("/shop/web")).isGreaterThan(started("/shop/database"));

    String end = server.client().delete("/v2/groups/shop").expect(200).deployment();
    Eventually.so(
        "the web server ends first",
        () -> {
          Set<String> left = server.programs().keySet();
          boolean web2 = left.stream().anyMatch(task -> task.startsWith("shop_web"));
          boolean base = left.stream().anyMatch(task -> task.startsWith("shop_database"));
          assertThat(base || !web2).as("the database outlives who needs it").isTrue();
          return left.isEmpty();
        });
    server.awaitSuccess(end);
    server.client().get("/v2/groups/shop").expect(404);
  }

  private long started(String app) {
    return server.program(server.tasks(app).only().id()).start();
  }

  @Test
  void killingATaskWithScaleLowersTheNumberWantedAndWithoutItTheTaskIsReplaced() {
    server.createAndAwait(App.sleeping("/nap").with("instances", 3));
    String first = server.tasks("/nap").all().getFirst().id();

    assertThat(server.slipway("kill", first).code()).isZero();
    Eventually.so(
        "it was replaced",
        () -> {
          Set<String> tasks = server.programs().keySet();
          // The platform knows it a moment after the machine.
          return tasks.size() == 3
              && !tasks.contains(first)
              && tasks.equals(server.tasks("/nap").ids());
        });

    String second = server.tasks("/nap").all().getFirst().id();
    Answer scaled = server.client().delete("/v2/apps/nap/tasks/" + second + "?scale=true");
    server.awaitSuccess(scaled.expect(200).deployment());
    JsonNode app = server.client().json("/v2/apps/nap").path("app");
    assertThat(app.path("instances").asInt()).isEqualTo(2);
    Eventually.so(
        "two are left",
        () -> server.programs().size() == 2 && !server.programs().containsKey(second));
  }

  @Test
  void whatAnAppFetchesFromTheStoreIsInItsSandbox() throws IOException {
    Path file = server.file("greeting.txt", "good day");
    assertThat(server.slipway("artifact", "put", file.toString()).code()).isZero();
    App app =
        App.running("/reader", "cat greeting.txt; exec sleep 3600")
            .with("fetch", List.of(Map.of("uri", "slipway://greeting.txt")));
    Files.delete(file);

    server.createAndAwait(app);

    Tasks.Task task = server.tasks("/reader").only();
    Eventually.so("the file was read", () -> output(task).equals("good day"));
    assertThat(server.slipway("logs", "/reader").out()).contains("good day");
  }
}
