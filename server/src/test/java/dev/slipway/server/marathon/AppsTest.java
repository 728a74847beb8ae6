package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `/v2/apps`: creating, changing, looking, removing.
class AppsTest {
  private final Caller caller = Caller.withNodes();

  @BeforeEach
  void deploy() {
    caller.running(
        """
        {"id": "/shop/web", "cmd": "Serve Fast", "cpus": 0.1, "mem": 16, "instances": 2,
         "env": {"A": "1", "B": "2"}, "labels": {"tier": "front"}}
        """);
    caller.running("{\"id\": \"/shop/db\", \"args\": [\"db\"], \"cpus\": 0.1, \"mem\": 16}");
    caller.running("{\"id\": \"/tool\", \"cmd\": \"help\", \"cpus\": 0.1, \"mem\": 16}");
    caller.platform.pass(Duration.ofSeconds(10));
  }

  private AppSpec spec(String app) {
    return caller.platform.state().app(PathId.of(app)).orElseThrow().spec();
  }

  private String ids(String uri) {
    var text = new StringBuilder();
    caller.get(uri).json().get("apps").forEach(app -> text.append(app.get("id").asString()));
    return text.toString();
  }

  @Test
  void creatingAnswersWithTheDeploymentAndWhereTheAppIs() {
    var created = caller.post("/v2/apps", "{\"id\": \"new\", \"cmd\": \"x\"}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.headers()).containsEntry("Location", "/new");
    assertThat(created.headers().get("Marathon-Deployment-Id"))
        .isEqualTo(created.at("/deployments/0/id"));
    assertThat(caller.get("/v2/deployments").at("/0/id"))
        .isEqualTo(created.at("/deployments/0/id"));
  }

  @Test
  void creatingTwiceIsAConflict() {
    var again = caller.post("/v2/apps", "{\"id\": \"/tool\", \"cmd\": \"x\"}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text()).isEqualTo("{\"message\":\"An app with id [/tool] already exists.\"}");
  }

  @Test
  void anAppCannotTakeTheNameOfAGroup() {
    var answer = caller.post("/v2/apps", "{\"id\": \"/shop\", \"cmd\": \"x\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("Groups and Applications may not have the same identifier.");
  }

  @Test
  void anAppThatADeploymentHoldsIsLockedUnlessForced() {
    String deployment = caller.put("/v2/apps/tool", "{\"instances\": 3}").at("/deploymentId");
    var locked = caller.put("/v2/apps/tool", "{\"instances\": 4}");
    assertThat(locked.status()).isEqualTo(409);
    assertThat(locked.at("/deployments/0/id")).isEqualTo(deployment);
    assertThat(locked.at("/message"))
        .isEqualTo(
            "App is locked by one or more deployments. Override with the option '?force=true'."
                + " View details at '/v2/deployments/<DEPLOYMENT_ID>'.");
    assertThat(caller.put("/v2/apps/tool?force=True", "{\"instances\": 4}").status())
        .isEqualTo(200);
  }

  @Test
  void aPartialUpdateKeepsWhatItDoesNotName() {
    var answer = caller.put("/v2/apps/shop/web", "{\"env\": {\"C\": \"3\"}, \"mem\": 32}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry("Marathon-Deployment-Id", answer.at("/deploymentId"));
    assertThat(spec("/shop/web").env()).containsOnlyKeys("C");
    assertThat(spec("/shop/web").labels()).containsEntry("tier", "front");
    assertThat(spec("/shop/web").instances()).isEqualTo(2);
    assertThat(spec("/shop/web").resources().cpus()).isEqualTo(0.1);
    assertThat(spec("/shop/web").resources().memMebibytes()).isEqualTo(32);
  }

  @Test
  void aWholeUpdateTakesDefaultsForWhatItDoesNotName() {
    caller.put("/v2/apps/shop/web?partialUpdate=false", "{\"cmd\": \"x\"}");
    assertThat(spec("/shop/web").env()).isEmpty();
    assertThat(spec("/shop/web").instances()).isEqualTo(1);
    assertThat(spec("/shop/web").resources().memMebibytes()).isEqualTo(128);
  }

  @Test
  void argumentsTakeThePlaceOfACommandLine() {
    caller.put("/v2/apps/shop/web", "{\"args\": [\"serve\"]}");
    assertThat(spec("/shop/web").command().argv()).containsExactly("serve");
  }

  @Test
  void puttingAnUnknownAppCreatesItAndPatchingDoesNot() {
    var put = caller.put("/v2/apps/fresh", "{\"cmd\": \"x\"}");
    assertThat(put.status()).isEqualTo(201);
    assertThat(put.headers()).containsEntry("Location", "/fresh");
    assertThat(put.at("/deploymentId")).isNotEmpty();
    var patch = caller.patch("/v2/apps/unknown", "{\"cmd\": \"x\"}");
    assertThat(patch.status()).isEqualTo(404);
    assertThat(patch.at("/message")).isEqualTo("App '/unknown' does not exist");
    assertThat(caller.patch("/v2/apps/tool", "{\"instances\": 2}").status()).isEqualTo(200);
  }

  @Test
  void whatWasReadCanBeSentBackWithoutChangingAnything() {
    var read = caller.get("/v2/apps/shop/web").json().get("app").deepCopy();
    if (read instanceof tools.jackson.databind.node.ObjectNode app) {
      app.remove("version");
    }
    var before = caller.platform.state().app(PathId.of("/shop/web")).orElseThrow();
    var answer = caller.put("/v2/apps/shop/web?partialUpdate=false", read.toString());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(caller.platform.state().app(PathId.of("/shop/web"))).contains(before);
  }

  @Test
  void anEarlierVersionCanBeRestored() {
    var first = caller.get("/v2/apps/tool").at("/app/version");
    caller.put("/v2/apps/tool", "{\"cmd\": \"other\"}");
    caller.platform.settle();
    var versions = caller.get("/v2/apps/tool/versions").json().get("versions");
    assertThat(versions.size()).isEqualTo(2);
    assertThat(versions.get(1).asString()).isEqualTo(first);
    assertThat(caller.put("/v2/apps/tool", "{\"version\": \"" + first + "\"}").status())
        .isEqualTo(200);
    assertThat(spec("/tool").command().argv()).containsExactly("/bin/sh", "-c", "help");
    assertThat(caller.get("/v2/apps/tool/versions/" + first).at("/cmd")).isEqualTo("help");
  }

  @Test
  void aVersionStandsAlone() {
    var answer =
        caller.put("/v2/apps/tool", "{\"version\": \"2026-01-05T10:00:00.000Z\", \"cmd\": \"x\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.at("/details/0/path")).isEqualTo("/version");
  }

  @Test
  void aVersionThatIsNotKeptIsNotFound() {
    var answer = caller.get("/v2/apps/tool/versions/2020-01-01T00:00:00.000Z");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("/message"))
        .isEqualTo("App '/tool' does not exist in version 2020-01-01T00:00:00.000Z");
    assertThat(caller.put("/v2/apps/tool", "{\"version\": \"2020-01-01T00:00:00.000Z\"}").status())
        .isEqualTo(404);
  }

  @Test
  void severalAppsAreChangedInOneDeployment() {
    var answer =
        caller.put(
            "/v2/apps", "[{\"id\": \"/tool\", \"instances\": 2}, {\"id\": \"n\", \"cmd\": \"x\"}]");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(spec("/tool").instances()).isEqualTo(2);
    assertThat(caller.get("/v2/deployments").json().size()).isEqualTo(1);
  }

  @Test
  void ofSeveralAppsAllOrNoneAreChanged() {
    var patch =
        caller.patch(
            "/v2/apps",
            "[{\"id\": \"/tool\", \"instances\": 5}, {\"id\": \"no\", \"cmd\": \"x\"}]");
    assertThat(patch.status()).isEqualTo(404);
    assertThat(spec("/tool").instances()).isEqualTo(1);
    var nameless = caller.put("/v2/apps", "[{\"instances\": 5}]");
    assertThat(nameless.status()).isEqualTo(422);
    assertThat(nameless.at("/details/0/errors/0")).isEqualTo("App Update must have app id set");
  }

  @Test
  void appsAreFoundByWordsAndLabels() {
    assertThat(ids("/v2/apps")).isEqualTo("/shop/db/shop/web/tool");
    assertThat(ids("/v2/apps?cmd=serve")).isEqualTo("/shop/web");
    assertThat(ids("/v2/apps?id=SHOP")).isEqualTo("/shop/db/shop/web");
    assertThat(ids("/v2/apps?label=tier%3D%3Dfront")).isEqualTo("/shop/web");
    assertThat(ids("/v2/apps?id=shop&label=tier")).isEqualTo("/shop/web");
    assertThat(caller.get("/v2/apps?label=%3D").status()).isEqualTo(422);
  }

  @Test
  void aStarListsTheAppsOfAGroup() {
    assertThat(caller.get("/v2/apps/shop/*").json().get("*").size()).isEqualTo(2);
    assertThat(caller.get("/v2/apps/*").json().get("*").size()).isEqualTo(3);
    assertThat(caller.get("/v2/apps/nowhere/*").status()).isEqualTo(404);
    assertThat(caller.get("/v2/apps/shop/*/tasks").json().get("tasks").size()).isEqualTo(3);
  }

  @Test
  void listsTellTasksOnlyWhenAsked() {
    assertThat(caller.get("/v2/apps").json().at("/apps/0").has("tasks")).isFalse();
    assertThat(caller.get("/v2/apps").json().at("/apps/0/tasksRunning").asInt()).isEqualTo(1);
    for (String word : new String[] {"apps.tasks", "app.tasks", "tasks", "group.apps.tasks"}) {
      assertThat(caller.get("/v2/apps/?embed=" + word).json().at("/apps/0/tasks").size())
          .as(word)
          .isEqualTo(1);
    }
    assertThat(caller.get("/v2/apps?embed=nonsense").status()).isEqualTo(200);
  }

  @Test
  void pathsMayHaveSlashesTwiceEncodedAndAtTheEnd() {
    for (String path :
        new String[] {"/v2/apps//shop/web", "/v2/apps/shop%2Fweb", "/v2//apps/shop//web/"}) {
      assertThat(caller.get(path).at("/app/id")).as(path).isEqualTo("/shop/web");
    }
    assertThat(caller.get("/v2/apps/shop/../tool").status()).isEqualTo(404);
    assertThat(caller.get("/v2/apps/sh%op").status()).isEqualTo(404);
  }

  @Test
  void restartingKeepsTheConfigurationAndMakesAVersion() {
    var answer = caller.post("/v2/apps/tool/restart", "");
    assertThat(answer.status()).isEqualTo(200);
    var app = caller.get("/v2/apps/tool");
    assertThat(app.at("/app/version")).isEqualTo(answer.at("/version"));
    assertThat(app.at("/app/versionInfo/lastConfigChangeAt")).isNotEqualTo(answer.at("/version"));
    assertThat(caller.post("/v2/apps/none/restart", "").status()).isEqualTo(404);
  }

  @Test
  void removingIsForcedUnlessToldOtherwise() {
    caller.put("/v2/apps/tool", "{\"instances\": 3}");
    assertThat(caller.delete("/v2/apps/tool?force=false").status()).isEqualTo(409);
    assertThat(caller.delete("/v2/apps//tool").status()).isEqualTo(200);
    assertThat(caller.get("/v2/apps/tool").status()).isEqualTo(404);
    assertThat(caller.delete("/v2/apps/tool").at("/message"))
        .isEqualTo("App '/tool' does not exist");
  }

  @Test
  void methodsAndPathsThatDoNotExistAreTold() {
    assertThat(caller.post("/v2/apps/tool", "{}").status()).isEqualTo(405);
    assertThat(caller.get("/v2/apps/tool/restart").status()).isEqualTo(405);
    assertThat(caller.get("/v2/schemas").status()).isEqualTo(404);
    assertThat(caller.get("/v2").status()).isEqualTo(404);
    assertThat(caller.get("/v2/info/more").status()).isEqualTo(404);
  }
}
