package dev.slipway.cli;

import static dev.slipway.cli.Answers.UUID_A;
import static dev.slipway.cli.Answers.UUID_B;
import static dev.slipway.cli.Answers.V1;
import static dev.slipway.cli.Answers.V2;
import static dev.slipway.cli.Answers.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ExecCommandTest {
  private static final String OLDER = task("/web", UUID_A, "running", "true", V1);
  private static final String YOUNGER = task("/web", UUID_B, "running", "true", V2);

  @TempDir static Path directory;
  private static OneTask server;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = new OneTask(directory.resolve("shared"));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
  }

  @Test
  void outputErrorsAndTheExitCodeAreTheCommands() {
    Run run =
        server
            .telling(OLDER)
            .exec("given\n", "exec", "web", "--", "sh", "-c", "cat; echo wrong >&2; exit 7");
    assertThat(run).isEqualTo(new Run(7, "given\n", "wrong\n"));
  }

  @Test
  void withoutACommandItIsAShell() {
    assertThat(server.telling(OLDER).exec("echo $((6 * 7)); exit 3\n", "exec", "web"))
        .isEqualTo(new Run(3, "42\n", ""));
  }

  @Test
  void wordsArriveAsTheyAre() {
    Run run =
        server
            .telling(OLDER)
            .exec("", "exec", "web", "--", "printf", "%s|", "a b", "", "$HOME", "&x=1", "ä", "--");
    assertThat(run).isEqualTo(new Run(0, "a b||$HOME|&x=1|ä|--|", ""));
  }

  @Test
  void anAppMeansItsTaskThatRunsLongest() {
    String waits = task("/web", "0".repeat(8) + UUID_B.substring(8), "staging", "null", "2020");
    assertThat(server.telling(waits, YOUNGER, OLDER).exec("", "exec", "/web", "--", "true").code())
        .isZero();
  }

  @Test
  void aTaskMayBeNamedByItsBeginning() {
    server.telling(OLDER, YOUNGER);
    assertThat(server.exec("", "exec", UUID_A.substring(0, 8), "--", "true").code()).isZero();
    Run other = server.exec("", "exec", UUID_B.substring(0, 8), "--", "true");
    assertThat(other.code()).isEqualTo(Exit.FAILED.code());
    assertThat(other.err()).contains("The command was not run", UUID_B);
  }

  @Test
  void anAppOfWhichNothingRunsIsSaidPlainly() {
    Run run = server.telling(task("/web", UUID_A, "staging", "null", V1)).exec("", "exec", "web");
    assertThat(run.code()).isEqualTo(Exit.NOT_FOUND.code());
    assertThat(run.err()).contains("No instance of /web runs", "slipway explain /web");
    assertThat(server.telling().exec("", "exec", "web").code()).isEqualTo(Exit.NOT_FOUND.code());
  }

  @Test
  void whoSitsAtNoTerminalMayWantOneAllTheSame() {
    Run run = server.telling(OLDER).exec("stty size; exit 5\n", "exec", "web", "-t");
    assertThat(run.code()).isEqualTo(5);
    assertThat(run.out()).contains("24 80");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aServerThatSpeaksNoWebSocketsRefuses() {
    try (var other = new ScriptedServer().on("GET /api/v1/tasks", Answers.tasks(OLDER))) {
      Run run = Run.of(other, "exec", "web");
      assertThat(run.code()).isEqualTo(Exit.REFUSED.code());
      assertThat(run.err()).contains("HTTP 404", "WebSockets");
    }
  }

  @Test
  void aStandbySendsOnToTheLeader() {
    try (var standby = sendingOnTo(server.url())) {
      Run run = Run.of(standby, "exec", "web", "--", "sh", "-c", "echo here; exit 4");
      assertThat(run).isEqualTo(new Run(4, "here\n", ""));
    }
  }

  @Test
  void whoIsSentOnAgainAndAgainGivesUp() {
    try (var standby = sendingOnTo("");
        var other = sendingOnTo(standby.url())) {
      Run run = Run.of(other, "exec", "web");
      assertThat(run.code()).isEqualTo(Exit.REFUSED.code());
      assertThat(run.err()).contains("HTTP 307");
      assertThat(standby.lines()).hasSize(1);
    }
  }

  /// @param leader where it says that the leader is; with none it names itself
  private static ScriptedServer sendingOnTo(String leader) {
    var standby = new ScriptedServer().on("GET /api/v1/tasks", Answers.tasks(OLDER));
    String to = leader.isEmpty() ? standby.url() : leader;
    return standby.streaming(
        "GET /api/v1/tasks/" + Answers.task("web", UUID_A) + "/exec",
        exchange -> {
          exchange.getResponseHeaders().set("Location", to + exchange.getRequestURI());
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
  }

  @Test
  void aConnectionThatIsLostIsSaid() throws Exception {
    try (var own = new OneTask(directory.resolve("own"))) {
      own.telling(OLDER);
      var run =
          CompletableFuture.supplyAsync(
              () -> own.exec("", "exec", "web", "--", "sh", "-c", "echo >begun; sleep 1000"));
      await().atMost(30, TimeUnit.SECONDS).until(() -> own.hasFile("begun"));
      own.stopServer();
      Run ended = run.get(30, TimeUnit.SECONDS);
      assertThat(ended.code()).isEqualTo(Exit.UNAVAILABLE.code());
      assertThat(ended.err()).contains("The connection to the command is lost");
    }
  }
}
