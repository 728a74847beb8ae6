package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.Answer;
import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.FreePort;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Apps that are described wrongly, or that this machine cannot run: clear errors, nothing half
/// done.
@Order(3)
class BadAppTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("bad-app");

  private static final int REFUSED = 4;
  private static final int USAGE = 2;

  private final RunningServer server = SHARED.get();

  @Test
  void jsonThatCannotBeReadIsRefused() {
    Answer answer = server.client().post("/v2/apps", "{\"id\": \"/nap\", ");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("message").asString()).isEqualTo("Invalid JSON");
    CommandRun run = deploy("{\"id\": \"/nap\", ");
    assertThat(run.code()).isEqualTo(USAGE);
    assertThat(run.err()).startsWith("slipway: ").contains("bad.json").contains("line 1");
    assertNothingChanged();
  }

  @Test
  void wrongTypesAreToldOneByOneWithTheirPlaces() {
    String body = "{\"id\": 7, \"cmd\": \"true\", \"instances\": \"many\"}";
    Answer answer = server.client().post("/v2/apps", body);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("message").asString()).isEqualTo("Invalid JSON");
    assertThat(answer.json().path("details").toString())
        .contains(
            "\"/id\"", "error.expected.jsstring", "\"/instances\"", "error.expected.jsnumber");
    CommandRun run = deploy("{\"id\": \"/nap\", \"cmd\": \"true\", \"instances\": \"many\"}");
    assertThat(run.code()).isEqualTo(REFUSED);
    assertThat(run.err()).contains("/instances: must be a number");
    assertNothingChanged();
  }

  @Test
  void idsOutOfTheGrammarAreRefused() {
    for (String id : List.of("/Nap", "/nap_1", "/a//..b", "/nap/restart", "/-nap", "/")) {
      Answer answer = server.client().post("/v2/apps", App.sleeping(id));
      assertThat(answer.status()).as(id + ": " + answer.body()).isEqualTo(422);
      assertThat(answer.json().path("details").toString()).as(id).contains("/id");
    }
    CommandRun run = deploy(App.sleeping("/Nap"));
    assertThat(run.code()).isEqualTo(REFUSED);
    assertThat(run.err()).contains("/id: ").doesNotContain("\tat ");
    assertNothingChanged();
  }

  @Test
  void dependenciesInACircleAreRefused() {
    var one = App.sleeping("one").with("dependencies", List.of("two"));
    var two = App.sleeping("two").with("dependencies", List.of("one"));
    String group = App.json(Map.of("id", "/round", "apps", List.of(one.json(), two.json())));

    Answer answer = server.client().put("/v2/groups/round", group);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("cyclic dependencies");
    CommandRun run = deploy(group);
    assertThat(run.code()).isEqualTo(REFUSED);
    assertThat(run.err()).contains("cyclic dependencies");
    assertNothingChanged();
  }

  @Test
  void amountsOutOfReasonAreRefusedAndThoseThatNoNodeHasAreWaitedForWithTheReason() {
    Answer negative = server.client().post("/v2/apps", App.sleeping("/nap").with("mem", -1));
    assertThat(negative.status()).isEqualTo(422);
    assertThat(negative.json().path("details").toString()).contains("/mem");
    assertNothingChanged();

    server.create(App.sleeping("/huge").with("cpus", 5000));

    JsonNode explained = server.client().json("/api/v1/apps/huge/explain");
    assertThat(explained.path("waiting").asInt()).isEqualTo(1);
    JsonNode node = explained.path("nodes").path(0);
    assertThat(node.path("fits").asBoolean()).isFalse();
    assertThat(node.path("reason").asString()).isEqualTo("INSUFFICIENT_CPUS");
    assertThat(node.path("detail").asString()).contains("5000");
    assertThat(server.slipway("explain", "/huge").out()).contains("5000").contains("lack");
  }

  @Test
  void aConstraintThatNoNodeMeetsIsAcceptedAndWaitsWithItsReason() {
    CommandRun run = deploy(picky(), "--timeout", "1s");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lastLine()).startsWith("FAILED: not done within 1 s");
    assertThat(run.out()).contains("no node has room: 1 node does not meet the constraints");

    JsonNode queued =
        server.client().json("/v2/queue?embed=lastUnusedOffers").path("queue").path(0);
    assertThat(queued.path("app").path("id").asString()).isEqualTo("/picky");
    assertThat(queued.path("lastUnusedOffers").toString()).contains("UnfulfilledConstraint");
    JsonNode explained = server.client().json("/api/v1/apps/picky/explain");
    assertThat(explained.path("waits").path(0).path("reason").asString())
        .contains("does not meet the constraints");
    assertThat(explained.path("nodes").path(0).path("detail").asString()).contains("rack");
  }

  private static App picky() {
    return App.sleeping("/picky").with("constraints", List.of(List.of("rack", "CLUSTER", "moon")));
  }

  @Test
  void aMissingExecutableIsNamed() {
    App app = App.running("/absent", "x").with("args", List.of("/opt/no/such-program", "-v"));
    app.json().remove("cmd");

    CommandRun run = deploy(app);

    assertThat(run.code()).as(run.out()).isEqualTo(1);
    assertThat(run.lastLine()).startsWith("FAILED: ").contains("/absent");
    assertThat(run.out()).contains("/absent failed ").contains("/opt/no/such-program");
    assertThat(lastFailure("/absent").path("reason").asString()).isEqualTo("COMMAND_INVALID");
  }

  @Test
  void anArtifactThatCannotBeReachedOrIsNotWhatItShouldBeIsNamed() {
    App unreachable =
        App.sleeping("/far")
            .with("fetch", List.of(Map.of("uri", "slipway://no-such-thing.tar.gz")));
    Path file = server.file("torn.tar.gz", "this is no archive");
    App corrupt = App.sleeping("/torn").with("fetch", List.of(Map.of("uri", "file://" + file)));

    CommandRun far = deploy(unreachable);
    CommandRun torn = deploy(corrupt);

    assertThat(far.code()).as(far.out()).isEqualTo(1);
    assertThat(far.out()).contains("/far failed ").contains("no-such-thing.tar.gz");
    assertThat(lastFailure("/far").path("reason").asString()).isEqualTo("FETCH_FAILED");
    assertThat(torn.code()).as(torn.out()).isEqualTo(1);
    assertThat(torn.out()).contains("/torn failed ").contains("torn.tar.gz");
    assertThat(lastFailure("/torn").path("reason").asString()).isEqualTo("FETCH_FAILED");
  }

  @Test
  void aPortThatAnotherProgramHasIsNamedAndTakenOnceItIsFree() throws IOException {
    String deployment;
    int port = FreePort.find();
    try (var holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(holder.isBound()).isTrue();
      deployment =
          server.create(
              App.sleeping("/server")
                  .with("portDefinitions", List.of(Map.of("port", port)))
                  .with("requirePorts", true)
                  .with("maxLaunchDelaySeconds", 1));
      Eventually.so(
          "it is told",
          () -> lastFailure("/server").path("reason").asString().equals("PORT_IN_USE"));
      assertThat(lastFailure("/server").path("message").asString()).contains("port " + port);
    }
    server.awaitSuccess(deployment);
    assertThat(server.tasks("/server").only().ports()).containsExactly(port);
  }

  @Test
  void anAppThatADeploymentHoldsIsLockedAndOneThatExistsIsNotMadeAgain() {
    String running = server.create(picky());

    Answer locked = server.client().put("/v2/apps/picky", picky().with("instances", 2));
    assertThat(locked.status()).isEqualTo(409);
    assertThat(locked.json().path("message").asString()).startsWith("App is locked by one or more");
    assertThat(locked.json().path("deployments").path(0).path("id").asString()).isEqualTo(running);
    Answer twice = server.client().post("/v2/apps", picky());
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.json().path("message").asString())
        .isEqualTo("An app with id [/picky] already exists.");

    CommandRun run = deploy(picky().with("instances", 2));
    assertThat(run.code()).isEqualTo(REFUSED);
    assertThat(run.err()).contains("locked").contains("--force").contains(running);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    Answer app = server.client().get("/v2/apps/none");
    assertThat(app.status()).isEqualTo(404);
    assertThat(app.json().path("message").asString()).isEqualTo("App '/none' does not exist");
    assertThat(server.client().delete("/v2/groups/none").status()).isEqualTo(404);
    assertThat(server.client().get("/v2/nothing").status()).isEqualTo(404);
    assertThat(server.slipway("scale", "/none=3").code()).isEqualTo(3);
    CommandRun wrong = server.slipway("deploi");
    assertThat(wrong.code()).isEqualTo(USAGE);
    assertThat(wrong.err()).contains("Did you mean `slipway deploy`?");
  }

  private CommandRun deploy(Object description, String... options) {
    List<String> words = new ArrayList<>(List.of("deploy"));
    words.add(server.file("bad.json", description).toString());
    words.addAll(List.of(options));
    return server.slipway(words.toArray(String[]::new));
  }

  private JsonNode lastFailure(String app) {
    return server.client().json("/api/v1/apps" + app + "/explain").path("lastFailure");
  }

  private void assertNothingChanged() {
    assertThat(server.client().json("/v2/apps").path("apps").isEmpty()).isTrue();
    assertThat(server.client().json("/v2/groups").path("groups").isEmpty()).isTrue();
    assertThat(server.client().json("/v2/deployments").isEmpty()).isTrue();
  }
}
