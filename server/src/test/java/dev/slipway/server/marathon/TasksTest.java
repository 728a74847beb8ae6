package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The tasks of apps: looking at them and ending them.
class TasksTest {
  private static final String UNKNOWN = "web.instance-00000000-0000-0000-0000-000000000000._app.1";

  private final Caller caller = Caller.withNodes();

  @BeforeEach
  void deploy() {
    caller.running(
        """
        {"id": "web", "cmd": "serve", "cpus": 0.1, "mem": 16, "instances": 4,
         "constraints": [["rack", "MAX_PER", "2"]]}
        """);
  }

  private List<String> ids() {
    return caller.platform.instances("/web").stream()
        .map(instance -> instance.id().task().value())
        .toList();
  }

  private int wanted() {
    return caller.platform.state().app(PathId.of("/web")).orElseThrow().spec().instances();
  }

  @Test
  void tasksAreFoundByTheirState() {
    caller.post("/v2/apps", "{\"id\": \"slow\", \"cmd\": \"x\", \"cpus\": 0.1, \"mem\": 16}");
    assertThat(caller.get("/v2/tasks").json().get("tasks").size()).isEqualTo(5);
    assertThat(caller.get("/v2/tasks?status=running").json().get("tasks").size()).isEqualTo(4);
    assertThat(caller.get("/v2/tasks?status=staging").json().get("tasks").size()).isEqualTo(1);
    assertThat(caller.get("/v2/tasks?status[]=running&status[]=staging").json().get("tasks").size())
        .isEqualTo(5);
  }

  @Test
  void onlyTheTasksOfThePartAreWorkedOut() {
    int before = caller.healthReads.get();
    var part = caller.get("/v2/tasks?limit=1&offset=2");
    assertThat(part.json().get("tasks").size()).isEqualTo(1);
    assertThat(part.json().at("/tasks/0/servicePorts").isArray()).isTrue();
    assertThat(part.headers()).containsValue("4");
    assertThat(caller.healthReads.get() - before).isEqualTo(1);
  }

  @Test
  void instancesOnNoNodeAreNoTasks() {
    caller.post("/v2/apps", "{\"id\": \"huge\", \"cmd\": \"x\", \"mem\": 99999}");
    assertThat(caller.get("/v2/apps/huge/tasks").text()).isEqualTo("{\"tasks\":[]}");
  }

  @Test
  void oneTaskIsEndedAndReplaced() {
    String id = ids().getFirst();
    var answer = caller.delete("/v2/apps/web/tasks/" + id);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/task/id")).isEqualTo(id);
    assertThat(wanted()).isEqualTo(4);
    caller.platform.settle();
    assertThat(ids()).hasSize(4).doesNotContain(id);
  }

  @Test
  void oneTaskIsEndedForGood() {
    String id = ids().getLast();
    var answer = caller.delete("/v2/apps/web/tasks/" + id + "?scale=True&wipe=False");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsKey("Marathon-Deployment-Id");
    caller.platform.settle();
    assertThat(ids()).hasSize(3).doesNotContain(id);
    assertThat(wanted()).isEqualTo(3);
  }

  @Test
  void unknownTasksAndAppsAreTold() {
    var unknown = caller.delete("/v2/apps/web/tasks/" + UNKNOWN);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.at("/message")).isEqualTo("Task '" + UNKNOWN + "' does not exist");
    assertThat(caller.delete("/v2/apps/web/tasks/what").status()).isEqualTo(400);
    assertThat(caller.delete("/v2/apps/none/tasks").at("/message"))
        .isEqualTo("App '/none' does not exist");
  }

  @Test
  void anInstanceWithoutATaskIsNotEnded() {
    caller.post("/v2/apps", "{\"id\": \"huge\", \"cmd\": \"x\", \"mem\": 99999}");
    var scheduled = caller.platform.instances("/huge");
    String id = scheduled.getFirst().id().task().value();
    for (String query : List.of("", "?scale=true", "?wipe=true")) {
      var answer = caller.delete("/v2/apps/huge/tasks/" + id + query);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.at("/message")).isEqualTo("Task '" + id + "' does not exist");
    }
    assertThat(caller.platform.instances("/huge")).isEqualTo(scheduled);
  }

  @Test
  void aTaskOfAnotherAppIsNotEnded() {
    caller.running("{\"id\": \"other\", \"cmd\": \"x\", \"cpus\": 0.1, \"mem\": 16}");
    assertThat(caller.delete("/v2/apps/other/tasks/" + ids().getFirst()).status()).isEqualTo(404);
  }

  @Test
  void theTasksOnOneHostAreEnded() {
    var answer = caller.delete("/v2/apps/web/tasks?host=n1.example.org");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("tasks").size()).isEqualTo(2);
    answer
        .json()
        .get("tasks")
        .forEach(task -> assertThat(task.get("slaveId").asString()).isEqualTo("n1"));
  }

  @Test
  void anEmptyHostAndAStarMeanAllHosts() {
    assertThat(caller.delete("/v2/apps/web/tasks?host=&scale=").json().get("tasks").size())
        .isEqualTo(4);
    caller.platform.settle();
    assertThat(caller.delete("/v2/apps/web/tasks?host=*").json().get("tasks").size()).isEqualTo(4);
  }

  @Test
  void allTasksAreEndedForGood() {
    var answer = caller.delete("/v2/apps/web/tasks?scale=true");
    assertThat(answer.at("/deploymentId")).isNotEmpty();
    caller.platform.settle();
    assertThat(ids()).isEmpty();
    assertThat(wanted()).isZero();
  }

  @Test
  void scaleAndWipeExcludeEachOther() {
    var answer = caller.delete("/v2/apps/web/tasks?scale=true&wipe=true");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .isEqualTo("{\"message\":\"You cannot use scale and wipe at the same time.\"}");
  }

  @Test
  void listedTasksAreEndedAndUnknownOnesPassedOver() {
    var ids = ids();
    var answer =
        caller.post(
            "/v2/tasks/delete",
            "{\"ids\": [\"%s\", \"%s\", \"%s\", \"web.00000000-0000-0000-0000-000000000000\"]}"
                .formatted(ids.get(0), ids.get(1), UNKNOWN));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("tasks").size()).isEqualTo(2);
    var scaled = caller.post("/v2/tasks/delete?scale=true", "{\"ids\": [\"" + ids.get(2) + "\"]}");
    assertThat(scaled.at("/deploymentId")).isNotEmpty();
    assertThat(wanted()).isEqualTo(3);
  }

  @Test
  void listedTasksNeedIdsOfTheRightForm() {
    assertThat(caller.post("/v2/tasks/delete", "{\"ids\": [\"what\"]}").status()).isEqualTo(400);
    assertThat(caller.post("/v2/tasks/delete", "{\"ids\": \"what\"}").status()).isEqualTo(422);
    assertThat(caller.post("/v2/tasks/delete", "{}").status()).isEqualTo(422);
    assertThat(caller.post("/v2/tasks/delete", "{\"ids\": []}").text()).isEqualTo("{\"tasks\":[]}");
  }
}
