package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PodExecTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("exec");

  private static BusyPods pods;
  private static PodExec exec;

  @BeforeAll
  static void start() {
    pods = new BusyPods(NAMESPACE);
    pods.start("runs", "sleep 1000");
    pods.start("ended", "exit 3");
    pods.awaitPhase("runs", "Running");
    pods.awaitPhase("ended", "Failed");
    exec = pods.exec();
  }

  @Test
  void outputErrorsAndExitCodeAreTold() throws Exception {
    CommandOutcome outcome = run("echo 'a b $HOME +%'; echo wrong >&2; exit 7", LONG);
    assertThat(outcome.exitCode()).isEqualTo(7);
    assertThat(outcome.output()).contains("a b $HOME +%\n").contains("wrong\n");
    assertThat(exec.run("runs", List.of("true"), LONG)).isEqualTo(new CommandOutcome(0, ""));
  }

  @Test
  void outputBeyondTheLimitIsDroppedAndDoesNotBlockTheCommand() throws Exception {
    CommandOutcome outcome = run("yes | head -c 3000000; exit 4", LONG);
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.output()).hasSize(PodExec.LARGEST_OUTPUT);
  }

  @Test
  void aCaptureKeepsBytesAndErrorsApart() throws Exception {
    PodExec.Output all =
        exec.capture("runs", shell("printf '\\0\\377'; echo e >&2; exit 2"), 10, LONG);
    assertThat(all.bytes()).containsExactly(0, 255);
    assertThat(all.errors()).isEqualTo("e\n");
    assertThat(all.exitCode()).isEqualTo(2);
    assertThat(all.cut()).isFalse();
    var zeros = List.of("dd", "if=/dev/zero", "bs=65536", "count=20");
    PodExec.Output some = exec.capture("runs", zeros, 1_000_000, LONG);
    assertThat(some.bytes()).hasSize(1_000_000);
    assertThat(some.cut()).isTrue();
    assertThat(some.exitCode()).isZero();
  }

  @Test
  void aShellCommandThatRanOutOfTimeIsEndedInThePodToo() throws Exception {
    String line = "trap '' TERM; sleep 987 & while :; do sleep 986; done";
    assertThatThrownBy(() -> run(line, Duration.ofSeconds(1)))
        .isInstanceOf(IOException.class)
        .hasMessage("the command did not end within 1000 ms");
    assertThat(run("ps", LONG).output()).contains("sleep 98");
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(run("ps", LONG).output()).doesNotContain("sleep 98"));
  }

  @Test
  void aCommandThatEndsInTimeLeavesNoProcess() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(run("exit " + i, Duration.ofSeconds(654)).exitCode()).isEqualTo(i);
    }
    assertThat(run("ps", LONG).output()).doesNotContain("655").doesNotContain("656");
  }

  @Test
  void aCommandWithoutShellIsSaidToGoOn() {
    assertThatThrownBy(() -> exec.run("runs", List.of("sleep", "3"), Duration.ofMillis(500)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("within 500 ms; it runs without a shell and may go on");
  }

  @Test
  void whatDoesNotRunIsSaidPlainly() {
    assertThatThrownBy(() -> exec.run("nowhere", List.of("true"), LONG))
        .isInstanceOf(IOException.class)
        .hasMessage("there is no pod nowhere; the task is gone or not started yet");
    assertThatThrownBy(() -> exec.run("ended", List.of("true"), LONG))
        .isInstanceOf(IOException.class)
        .hasMessage("the task of pod ended has ended");
    assertThatThrownBy(() -> exec.run("runs", List.of("no-such-program"), LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the command was not run: ")
        .hasMessageContaining("no-such-program");
  }

  @Test
  void aTaskThatEndsMeanwhileEndsTheCommand() {
    pods.start("brief", "sleep 1000");
    pods.awaitPhase("brief", "Running");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CommandOutcome> waits =
          threads.submit(() -> exec.run("brief", shell("sleep 60"), LONG));
      await()
          .atMost(LONG)
          .until(() -> exec.run("brief", shell("ps"), LONG).output().contains("sleep 60"));
      pods.delete("brief");
      assertThat(waits).succeedsWithin(LONG).extracting(CommandOutcome::exitCode).isEqualTo(137);
    }
  }

  @Test
  void manyCommandsRunSideBySide() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<CommandOutcome>>();
      for (int i = 0; i < 20; i++) {
        String line = "echo " + i;
        all.add(threads.submit(() -> run(line, LONG)));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(all.get(i).get()).isEqualTo(new CommandOutcome(0, i + "\n"));
      }
    }
  }

  private static CommandOutcome run(String line, Duration timeout) throws Exception {
    return exec.run("runs", shell(line), timeout);
  }

  private static List<String> shell(String line) {
    return List.of("/bin/sh", "-c", line);
  }

  @Test
  void wordsAreEncodedForTheAddress() throws Exception {
    String odd = "ü €\n\t&=%+#?/\"'";
    assertThat(exec.capture("runs", List.of("printf", "%s", odd), 100, LONG).bytes())
        .asString(UTF_8)
        .isEqualTo(odd);
  }
}
