package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MistakesTest {
  private final ScriptedServer server = new ScriptedServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aWrongCommandIsAnsweredWithTheNearestOnes() {
    Run run = Run.of(server, "deplyo", "x.json");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("slipway: There is no command 'deplyo'\nDid you mean `slipway deploy`?\n");
    assertThat(Run.of(server, "frobnicate").err()).contains("`slipway --help` lists them");
  }

  @Test
  void aWrongOptionIsAnsweredWithTheNearestOne() {
    Run run = Run.of(server, "deploy", "x.json", "--timeuot=3s");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Did you mean --timeout?").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app",
        "scale web",
        "scale web=x",
        "scale web=-1",
        "deploy f --timeout 3",
        "apps --url ftp://x",
        "apps --url http://me:secret@h",
        "apps --url nonsense",
        "apps --color pink",
        "logs web -n -1",
        "artifact",
        "apps --token-file /nowhere/token",
        "kill"
      })
  void wrongUsageIsToldInWords(String line) {
    Run run = Run.of(server, line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("slipway: ").doesNotContain("\tat ").doesNotContain("secret");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anUnknownAppIsAnsweredWithTheNearestIds() {
    server.on("GET /v2/apps", "{\"apps\":[{\"id\":\"/shop/cart\"},{\"id\":\"/web\"}]}");
    server
        .on("GET /api/v1/deployments", "{\"deployments\":[]}")
        .on("GET /api/v1/tasks", "{\"tasks\":[]}");
    for (String command :
        List.of("app", "restart", "rollback", "destroy", "explain", "logs", "ps", "tasks")) {
      Run run = Run.of(server, command, "/shop/crat");
      assertThat(run.code()).as(command).isEqualTo(3);
      assertThat(run.err())
          .as(command)
          .isEqualTo("slipway: There is no app /shop/crat\nDid you mean /shop/cart?\n");
    }
    assertThat(Run.of(server, "scale", "wbe=2").err()).contains("Did you mean /web?");
    assertThat(Run.of(server, "app", "/shop").err()).contains("/shop is a group");
    assertThat(Run.of(server, "app", "/something-else").err())
        .contains("lists the 2 apps there are");
  }

  @Test
  void noServerIsToldWithHowToStartOne() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Run run = Run.with(Run.PIPE, Map.of(), "", "apps", "--url", "http://127.0.0.1:" + free);
    assertThat(run.code()).isEqualTo(5);
    assertThat(run.err())
        .contains("No server answers at http://127.0.0.1:" + free)
        .contains("Start one with `slipway server`, or name another with --url");
  }

  @ParameterizedTest
  @CsvSource({"400,4", "401,4", "403,4", "409,4", "422,4", "404,3", "500,1", "503,5", "302,4"})
  void eachRefusalHasItsExitCode(int status, int code) {
    server.on("GET /v2/queue", status, "{\"message\":\"said so\"}");
    Run run = Run.of(server, "queue");
    assertThat(run.code()).isEqualTo(code);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("slipway: ");
  }

  @Test
  void problemDetailsAreReadAsWell() {
    server.on(
        "GET /api/v1/nodes", 503, "{\"title\":\"Unavailable\",\"detail\":\"the journal is full\"}");
    assertThat(Run.of(server, "nodes").err()).startsWith("slipway: the journal is full\n");
  }

  @Test
  void whatIsNoSlipwayServerIsToldSo() {
    server.on("GET /v2/apps", "<html>hello</html>");
    assertThat(Run.of(server, "apps"))
        .returns(1, Run::code)
        .matches(r -> r.err().contains("is this a Slipway server?"));
  }

  @Test
  void aMissingTokenIsToldWithWhereItGoes() {
    server.on("GET /v2/apps", 401, "");
    assertThat(Run.of(server, "apps").err()).contains("wants a token").contains("SLIPWAY_TOKEN");
  }

  @Test
  void theTokenComesFromTheEnvironmentOrAFile(@TempDir Path directory) throws IOException {
    server.on("GET /v2/apps", "{\"apps\":[]}");
    Path file = Files.writeString(directory.resolve("token"), "from-file\n");
    Run.with(Run.PIPE, Map.of("SLIPWAY_URL", server.url(), "SLIPWAY_TOKEN", "direct"), "", "apps");
    assertThat(server.request("GET /v2/apps").headers().get("Authorization"))
        .containsExactly("Bearer direct");
    server.on("GET /v2/queue", "{\"queue\":[]}");
    Run.of(server, "queue", "--token-file", file.toString());
    assertThat(server.request("GET /v2/queue").headers().get("Authorization"))
        .containsExactly("Bearer from-file");
  }

  @Test
  void hostileIdsCannotLeaveTheirPlaceInTheAddress() {
    server.on("GET /v2/apps", "{\"apps\":[]}");
    assertThat(Run.of(server, "app", "a?force=true#x y").code()).isEqualTo(3);
    assertThat(server.lines()).contains("GET /v2/apps/a%3Fforce%3Dtrue%23x%20y");
  }
}
