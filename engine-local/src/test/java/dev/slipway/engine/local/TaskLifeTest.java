package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.node.NodeId;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.slipway.engine.local.Workshop#tiers")
@SuppressWarnings("NullAway.Init")
class TaskLifeTest {
  private static final Resources SMALL = Resources.of(0.1, 64, 0, 0);
  private static final Duration LONG = Duration.ofSeconds(15);

  @Parameter IsolationTier tier;
  private Workshop workshop;

  @BeforeEach
  void openWorkshop() throws IOException {
    workshop = Workshop.with(tier);
  }

  @AfterEach
  void closeWorkshop() throws IOException {
    workshop.close();
  }

  private TaskLaunch arguments(String... argv) {
    return workshop.launch(new Command.Arguments(List.of(argv)), SMALL);
  }

  @Test
  void aSignalIsToldApartFromAnExitCode() throws Exception {
    TaskEnd signaled = workshop.end(workshop.shell("kill -9 $$"));
    assertThat(signaled.reason()).isEqualTo(Reason.SIGNALED);
    assertThat(signaled.signal()).hasValue(9);
    assertThat(signaled.exitCode()).isEmpty();
    TaskEnd exited = workshop.end(workshop.shell("exit 137"));
    assertThat(exited.reason()).isEqualTo(Reason.EXITED);
    assertThat(exited.exitCode()).hasValue(137);
    assertThat(workshop.end(workshop.shell("kill -15 $$")).signal()).hasValue(15);
  }

  @Test
  void aMissingProgramIsNamed() throws Exception {
    TaskEnd missing = workshop.end(arguments("no-such-program", "x"));
    assertThat(missing.reason()).isEqualTo(Reason.COMMAND_INVALID);
    assertThat(missing.message()).contains("no-such-program");
    TaskEnd inShell = workshop.end(workshop.shell("./no-such-script"));
    assertThat(inShell.reason()).isEqualTo(Reason.COMMAND_INVALID);
    assertThat(inShell.message()).contains("no-such-script");
    assertThat(workshop.end(arguments("/etc/passwd")).reason()).isEqualTo(Reason.COMMAND_INVALID);
    TaskEnd own = workshop.end(arguments("sh", "-c", "exit 127"));
    assertThat(own.reason()).isEqualTo(Reason.EXITED);
  }

  @Test
  void outputGoesToItsFilesAndInputIsEmpty() throws Exception {
    TaskLaunch launch = workshop.shell("echo out; echo err >&2; cat; pwd");
    assertThat(workshop.end(launch).successful()).isTrue();
    assertThat(workshop.output(launch, "stdout"))
        .isEqualTo("out\n" + workshop.sandbox(launch) + "\n");
    assertThat(workshop.output(launch, "stderr")).isEqualTo("err\n");
  }

  @Test
  void onlyTheStandardFilesAreInherited() throws Exception {
    TaskLaunch launch = arguments("ls", "/proc/self/fd");
    workshop.end(launch);
    // The fourth is the one that `ls` reads the directory with.
    assertThat(workshop.output(launch, "stdout")).isEqualTo("0\n1\n2\n3\n");
  }

  @Test
  void aTaskHasNoPrivilegesAndMayWriteItsSandboxAlone() throws Exception {
    TaskLaunch launch =
        workshop.shell(
            "grep -E '^(NoNewPrivs|CapEff)' /proc/self/status; id -u; : >mine && echo wrote;"
                + " echo x >$TMPDIR/t && echo temporary; touch /usr/foreign || echo refused");
    assertThat(workshop.end(launch).successful()).isTrue();
    String output = workshop.output(launch, "stdout");
    assertThat(output).contains("NoNewPrivs:\t1\n", "CapEff:\t0000000000000000\n");
    assertThat(output).contains("wrote\n", "temporary\n", "refused\n");
    if (Accounts.self().uid() == 0) {
      assertThat(output).containsPattern("(?m)^20000[0-9]$");
    }
  }

  @Test
  void javaIsThereForTasks() throws Exception {
    TaskLaunch roomy =
        workshop.launch(
            new Command.Shell("$JAVA_HOME/bin/java -version"), Resources.of(1, 512, 0, 0));
    assertThat(workshop.end(roomy).successful()).isTrue();
    assertThat(workshop.output(roomy, "stderr")).contains("Runtime Environment");
  }

  @Test
  void aTaskThatHeedsSigtermHasItsGrace() throws Exception {
    TaskLaunch launch =
        workshop.shell(
            "trap 'sleep 0.3; echo clean; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    workshop.run(launch);
    await().until(() -> workshop.output(launch, "stdout").contains("ready"));
    TaskEnd end = workshop.kill(launch, LONG);
    assertThat(end.reason()).isEqualTo(Reason.KILLED);
    assertThat(end.exitCode()).hasValue(0);
    assertThat(workshop.output(launch, "stdout")).contains("clean");
  }

  @Test
  void whatAShellStartedHasItsGraceToo() throws Exception {
    // The shell dies at once of SIGTERM; its child cleans up.
    TaskLaunch launch =
        workshop.shell(
            "sh -c 'trap \"sleep 0.4; echo child >>done; exit\" TERM; : >ready; while :; do sleep 0.05;"
                + " done'; echo never");
    workshop.run(launch);
    await().until(() -> Files.exists(workshop.sandbox(launch).resolve("ready")));
    assertThat(workshop.kill(launch, LONG).reason()).isEqualTo(Reason.KILLED);
    assertThat(workshop.output(launch, "done")).isEqualTo("child\n");
  }

  @Test
  void nothingEscapesAKill() throws Exception {
    TaskLaunch launch =
        workshop.shell(
            "setsid sh -c 'trap \"\" TERM; (sleep 300 & sleep 300) & : >daemon; sleep 300' &"
                + " (sleep 0.01 &) ; trap '' TERM; while :; do sleep 300; done");
    workshop.run(launch);
    await().until(() -> Files.exists(workshop.sandbox(launch).resolve("daemon")));
    assertThat(workshop.processes(launch)).hasSizeGreaterThan(3);
    assertThat(workshop.kill(launch, Duration.ofMillis(200)).reason()).isEqualTo(Reason.KILLED);
    await().until(() -> workshop.processes(launch).isEmpty());
  }

  @Test
  void whatIsLeftAfterTheProgramIsEndedWithIt() throws Exception {
    TaskLaunch launch = workshop.shell("setsid sleep 300 & exit 2");
    TaskEnd end = workshop.end(launch);
    assertThat(end.exitCode()).hasValue(2);
    await().until(() -> workshop.processes(launch).isEmpty());
  }

  @Test
  void aKillDuringTheFetchCancelsIt() throws Exception {
    var fetching = new CountDownLatch(1);
    workshop.fetching(
        (artifacts, sandbox, user) -> {
          fetching.countDown();
          new CountDownLatch(1).await();
        });
    workshop.restart();
    TaskLaunch launch = workshop.shell("true");
    workshop.engine().launch(launch);
    fetching.await();
    workshop.engine().kill(launch.id(), LONG, new Epoch(1));
    assertThat(workshop.seen().awaitEnd(launch.id()).reason()).isEqualTo(Reason.KILLED);
  }

  @Test
  void whatIsFetchedBelongsToTheTask() throws Exception {
    workshop.fetching(
        (artifacts, sandbox, user) -> {
          try {
            Files.createDirectories(sandbox.resolve("lib/deep"));
            Files.writeString(sandbox.resolve("lib/deep/data"), "fetched");
            Files.createSymbolicLink(sandbox.resolve("stdout"), workshop.directory());
          } catch (IOException e) {
            throw new FetchFailure("disk", e);
          }
        });
    workshop.restart();
    TaskLaunch launch = workshop.shell("cat lib/deep/data; echo more >>lib/deep/data");
    assertThat(workshop.end(launch).successful()).isTrue();
    assertThat(workshop.output(launch, "stdout")).isEqualTo("fetched");
  }

  @Test
  void aFailedFetchIsTold() throws Exception {
    workshop.fetching(
        (artifacts, sandbox, user) -> {
          throw new FetchFailure("http://x/y.tgz: 404 Not Found");
        });
    workshop.restart();
    TaskLaunch launch = workshop.shell("true");
    assertThat(workshop.end(launch))
        .isEqualTo(
            TaskEnd.of(
                Reason.FETCH_FAILED,
                "Failed to fetch all URIs for container '%s': http://x/y.tgz: 404 Not Found"
                    .formatted(launch.id())));
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (var taken = new ServerSocket(0)) {
      TaskLaunch asked = workshop.shell("true");
      var launch =
          new TaskLaunch(
              asked.id(),
              asked.app(),
              asked.node(),
              asked.epoch(),
              asked.command(),
              asked.environment(),
              asked.resources(),
              asked.fetch(),
              asked.user(),
              List.of(taken.getLocalPort()));
      TaskEnd end = workshop.end(launch);
      assertThat(end.reason()).isEqualTo(Reason.PORT_IN_USE);
      assertThat(end.message()).contains(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void anUnknownAccountAndRootAreRefused() throws Exception {
    TaskEnd unknown = workshop.end(as(workshop.shell("true"), "no-such-account"));
    assertThat(unknown.reason()).isEqualTo(Reason.COMMAND_INVALID);
    assertThat(unknown.message()).contains("no-such-account");
    assertThat(workshop.end(as(workshop.shell("true"), "root")).reason())
        .isEqualTo(Reason.COMMAND_INVALID);
  }

  @Test
  void aNamedAccountIsTaken() throws Exception {
    Workshop.assumeRoot();
    TaskLaunch launch = as(workshop.shell("id -un; : >mine"), "nobody");
    assertThat(workshop.end(launch).successful()).isTrue();
    assertThat(workshop.output(launch, "stdout")).isEqualTo("nobody\n");
  }

  @Test
  void aNodeThatIsNotOursIsRefused() throws Exception {
    TaskLaunch asked = workshop.shell("true");
    var launch =
        new TaskLaunch(
            asked.id(),
            asked.app(),
            new NodeId("elsewhere"),
            asked.epoch(),
            asked.command(),
            asked.environment(),
            asked.resources(),
            asked.fetch(),
            asked.user(),
            asked.hostPorts());
    assertThat(workshop.end(launch).reason()).isEqualTo(Reason.LAUNCH_FAILED);
  }

  @Test
  void aVariableThatNoProcessCanTakeIsTold() throws Exception {
    String large = "x".repeat(200_000);
    TaskEnd end = workshop.end(arguments("echo", large));
    assertThat(end.reason()).isEqualTo(Reason.LAUNCH_FAILED);
    assertThat(end.message()).contains("too long");
  }

  private static TaskLaunch as(TaskLaunch launch, String user) {
    return new TaskLaunch(
        launch.id(),
        launch.app(),
        launch.node(),
        launch.epoch(),
        launch.command(),
        launch.environment(),
        launch.resources(),
        launch.fetch(),
        Optional.of(user),
        launch.hostPorts());
  }
}
