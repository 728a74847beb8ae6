package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `/v2/groups`.
class GroupsTest {
  private final Caller caller = Caller.withNodes();

  @BeforeEach
  void deploy() {
    var created =
        caller.post(
            "/v2/groups",
            """
            {"id": "/shop", "apps": [{"id": "web", "cmd": "w", "cpus": 0.1, "mem": 16, "instances": 3}],
             "groups": [{"id": "data", "dependencies": ["../base"],
                         "apps": [{"id": "db", "cmd": "d", "cpus": 0.1, "mem": 16}]},
                        {"id": "base"}]}
            """);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.headers()).containsEntry("Location", "/shop");
    caller.platform.settle();
  }

  private int instances(String app) {
    return caller.platform.state().app(PathId.of(app)).orElseThrow().spec().instances();
  }

  @Test
  void relativePathsAreSeenFromTheGroup() {
    var group = caller.get("/v2/groups/shop");
    assertThat(group.at("/apps/0/id")).isEqualTo("/shop/web");
    assertThat(group.at("/groups/1/id")).isEqualTo("/shop/data");
    assertThat(group.at("/groups/1/apps/0/id")).isEqualTo("/shop/data/db");
    assertThat(group.at("/groups/1/dependencies/0")).isEqualTo("/shop/base");
  }

  @Test
  void whatIsToldOfAGroupCanBeChosen() {
    var bare = caller.get("/v2/groups/shop?embed=group.groups").json();
    assertThat(bare.has("apps")).isFalse();
    assertThat(bare.has("pods")).isFalse();
    assertThat(bare.get("groups").size()).isEqualTo(2);
    var counted = caller.get("/v2/groups/shop?embed=group.apps&embed=group.apps.counts").json();
    assertThat(counted.at("/apps/0/tasksRunning").asInt()).isEqualTo(3);
    assertThat(counted.has("groups")).isFalse();
    assertThat(caller.get("/v2/groups/shop/apps").json().size()).isEqualTo(2);
    assertThat(caller.get("/v2/groups/apps").json().size()).isEqualTo(2);
  }

  @Test
  void theRootIsAlwaysThere() {
    assertThat(new Caller(new MemoryPlatform()).get("/v2/groups").at("/id")).isEqualTo("/");
    assertThat(caller.get("/v2/groups//").at("/groups/0/id")).isEqualTo("/shop");
  }

  @Test
  void creatingTwiceIsAConflict() {
    var group = caller.post("/v2/groups", "{\"id\": \"/shop\"}");
    assertThat(group.status()).isEqualTo(409);
    assertThat(group.at("/message"))
        .isEqualTo("Group /shop is already created. Use PUT to change this group.");
    assertThat(caller.post("/v2/groups/shop/web", "{}").at("/message"))
        .isEqualTo("An app with the path /shop/web already exists.");
  }

  @Test
  void aListThatIsGivenReplacesAndOneThatIsNotStays() {
    var answer = caller.put("/v2/groups/shop", "{\"apps\": [{\"id\": \"new\", \"cmd\": \"n\"}]}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry("Marathon-Deployment-Id", answer.at("/deploymentId"));
    assertThat(caller.get("/v2/apps/shop/web").status()).isEqualTo(404);
    assertThat(caller.get("/v2/apps/shop/new").status()).isEqualTo(200);
    assertThat(caller.get("/v2/apps/shop/data/db").status()).isEqualTo(200);
  }

  @Test
  void aGroupIsScaledAsAWholeAndRoundedUp() {
    assertThat(caller.put("/v2/groups/shop", "{\"scaleBy\": 1.5}").status()).isEqualTo(200);
    assertThat(instances("/shop/web")).isEqualTo(5);
    assertThat(instances("/shop/data/db")).isEqualTo(2);
    assertThat(caller.put("/v2/groups/shop", "{\"scaleBy\": 2, \"apps\": []}").status())
        .isEqualTo(422);
    assertThat(caller.put("/v2/groups/shop", "{\"scaleBy\": -1}").status()).isEqualTo(422);
    assertThat(caller.put("/v2/groups/none", "{\"scaleBy\": 2}").status()).isEqualTo(404);
  }

  @Test
  void aDryRunTellsThePlanAndChangesNothing() {
    var before = caller.platform.state();
    var answer = caller.put("/v2/groups/shop?dryRun=true", "{\"apps\": []}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/steps/0/actions/0/action")).isEqualTo("StopApplication");
    assertThat(answer.at("/steps/0/actions/0/app")).isEqualTo("/shop/web");
    assertThat(caller.platform.state()).isSameAs(before);
  }

  @Test
  void cyclesAreRefused() {
    var answer =
        caller.put(
            "/v2/groups/ring",
            """
            {"apps": [{"id": "a", "cmd": "x", "dependencies": ["b"]},
                      {"id": "b", "cmd": "x", "dependencies": ["a"]}]}
            """);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("Dependency graph has cyclic dependencies.");
  }

  @Test
  void membersLieInTheirGroupAndBearTheirOwnNames() {
    assertThat(caller.put("/v2/groups/g", "{\"apps\": [{\"id\": \"/a\", \"cmd\": \"x\"}]}").text())
        .contains("Identifier /a is not child of /g. Hint: use relative paths.");
    assertThat(caller.put("/v2/groups/g", "{\"groups\": [{\"id\": \"a/b\"}]}").status())
        .isEqualTo(422);
    assertThat(
            caller
                .put(
                    "/v2/groups/g",
                    "{\"apps\": [{\"id\": \"a\", \"cmd\": \"x\"}], \"groups\": [{\"id\": \"a\"}]}")
                .text())
        .contains("Groups and Applications may not have the same identifier.");
    assertThat(caller.put("/v2/groups/g", "{\"apps\": [{\"cmd\": \"x\"}]}").at("/details/0/path"))
        .isEqualTo("/apps(0)/id");
    assertThat(caller.put("/v2/groups/G", "{}").status()).isEqualTo(422);
  }

  @Test
  void groupsAreRemovedWithAllTheyHold() {
    assertThat(caller.delete("/v2/groups/shop").status()).isEqualTo(200);
    assertThat(caller.get("/v2/groups/shop").at("/message"))
        .isEqualTo("Group '/shop' does not exist");
    assertThat(caller.delete("/v2/groups/shop?force=true").status()).isEqualTo(404);
  }

  @Test
  void removingTheRootRemovesEverything() {
    assertThat(caller.delete("/v2/groups").status()).isEqualTo(200);
    assertThat(caller.get("/v2/apps").text()).isEqualTo("{\"apps\":[]}");
    assertThat(caller.get("/v2/groups").status()).isEqualTo(200);
  }

  @Test
  void theRoleOfATopLevelGroupIsKept() {
    assertThat(caller.get("/v2/groups/shop").json().has("enforceRole")).isFalse();
    var patched = caller.patch("/v2/groups/shop", "{\"enforceRole\": true}");
    assertThat(patched.status()).isEqualTo(200);
    assertThat(patched.text()).isEmpty();
    assertThat(caller.get("/v2/groups/shop").json().get("enforceRole").asBoolean()).isTrue();
    caller.put("/v2/groups/shop", "{\"dependencies\": []}");
    assertThat(caller.get("/v2/groups/shop").json().get("enforceRole").asBoolean()).isTrue();
    caller.put("/v2/groups/shop", "{\"enforceRole\": false}");
    assertThat(caller.get("/v2/groups/shop").json().get("enforceRole").asBoolean()).isFalse();
    assertThat(instances("/shop/web")).isEqualTo(3);
  }

  @Test
  void nothingElseOfAGroupIsPatched() {
    assertThat(caller.patch("/v2/groups/none", "{\"enforceRole\": true}").status()).isEqualTo(404);
    assertThat(caller.patch("/v2/groups/shop/data", "{\"enforceRole\": true}").at("/message"))
        .isEqualTo("'enforceRole' can be set on top-level groups only");
    for (String body :
        new String[] {"{}", "{\"enforceRole\": 1}", "{\"enforceRole\": true, \"apps\": []}"}) {
      assertThat(caller.patch("/v2/groups/shop", body).status()).as(body).isEqualTo(422);
    }
  }

  @Test
  void versionsOfGroupsAreListedShownAndTakenUpAgain() {
    String first = caller.get("/v2/groups/shop").at("/version");
    caller.put("/v2/groups/shop", "{\"scaleBy\": 2}");
    caller.platform.settle();
    caller.put(
        "/v2/groups/other", "{\"apps\": [{\"id\": \"x\", \"cmd\": \"x\", \"instances\": 0}]}");
    caller.platform.settle();

    var versions = caller.get("/v2/groups/shop/versions").json();
    assertThat(versions.size()).isEqualTo(3);
    assertThat(versions.get(2).asString()).isEqualTo(first);
    assertThat(caller.get("/v2/groups/other/versions").json().size()).isEqualTo(1);
    assertThat(caller.get("/v2/groups//versions").json().size()).isEqualTo(3);
    var then = caller.get("/v2/groups/shop/versions/" + first);
    assertThat(then.at("/version")).isEqualTo(first);
    assertThat(then.json().at("/apps/0/instances").asInt()).isEqualTo(3);
    assertThat(instances("/shop/web")).isEqualTo(6);

    var back = caller.put("/v2/groups/shop", "{\"version\": \"" + first + "\"}");
    assertThat(back.status()).as(back.text()).isEqualTo(200);
    caller.platform.settle();
    assertThat(instances("/shop/web")).isEqualTo(3);
    assertThat(caller.get("/v2/groups/other").status()).isEqualTo(200);

    String scaled = versions.get(1).asString();
    var asPython = caller.put("/v2/groups//shop/versions/" + scaled + "?force=False", "");
    assertThat(asPython.status()).as(asPython.text()).isEqualTo(200);
    caller.platform.settle();
    assertThat(instances("/shop/web")).isEqualTo(6);
  }

  @Test
  void aVersionThatIsNotKeptIsNotFound() {
    String never = "2015-01-05T10:00:00.000Z";
    assertThat(caller.get("/v2/groups/shop/versions/" + never).at("/message"))
        .isEqualTo("Group '/shop' does not exist in version " + never);
    assertThat(caller.get("/v2/groups/shop/versions/yesterday").status()).isEqualTo(404);
    assertThat(caller.put("/v2/groups/shop", "{\"version\": \"" + never + "\"}").status())
        .isEqualTo(404);
    assertThat(caller.get("/v2/groups/none/versions").status()).isEqualTo(404);
    assertThat(caller.delete("/v2/groups/shop/versions/" + never).status()).isEqualTo(405);
  }
}
