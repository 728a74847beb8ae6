package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.TerminalSize;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class PodSessionTest {
  @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("session");

  private static final Duration LONG = Duration.ofSeconds(60);

  private static PodExec exec;

  @BeforeAll
  static void start() {
    var pods = new BusyPods(NAMESPACE);
    pods.start("runs", "sleep 1000");
    pods.awaitPhase("runs", "Running");
    exec = pods.exec();
  }

  @Test
  void inputArrivesToItsEndAndErrorsStayApart() throws Exception {
    try (ExecSession session = open("cat; echo wrong >&2; exit 7", Optional.empty())) {
      session.input().write(new byte[] {0, (byte) 0xff, '\r', '\n', 4});
      session.input().close();
      assertThat(session.output().readAllBytes()).containsExactly(0, 0xff, '\r', '\n', 4);
      assertThat(session.errors().readAllBytes()).asString(UTF_8).isEqualTo("wrong\n");
      assertThat(session.exitCode()).isEqualTo(7);
    }
  }

  @Test
  void muchInputArrivesWholeAndInOrder() throws Exception {
    byte[] much = "0123456789abcdef".repeat(20_000).getBytes(UTF_8);
    try (ExecSession session = open("cat", Optional.empty())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var input = session.input()) {
                  input.write(much);
                } catch (IOException gone) {
                  throw new AssertionError(gone);
                }
              });
      assertThat(session.output().readAllBytes()).isEqualTo(much);
      assertThat(session.exitCode()).isZero();
    }
  }

  @Test
  void aCommandThatEndsBeforeItsInputEndsTheSession() throws Exception {
    try (ExecSession session = open("head -c 2; exit 3", Optional.empty())) {
      session.input().write("abc".getBytes(UTF_8));
      assertThat(session.output().readAllBytes()).asString().isEqualTo("ab");
      assertThat(session.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void aTerminalHasItsSizeAndTakesAnother() throws Exception {
    String line = "test -t 0 && test -t 1 && while read -r line; do stty size; done; exit 5";
    try (ExecSession session = open(line, Optional.of(new TerminalSize(91, 23)))) {
      var lines = new BufferedReader(new InputStreamReader(session.output(), UTF_8));
      askUntil(session, lines, "23 91");
      session.resize(new TerminalSize(120, 50));
      askUntil(session, lines, "50 120");
      session.input().close();
      lines.transferTo(Writer.nullWriter());
      assertThat(session.exitCode()).isEqualTo(5);
    }
  }

  @Test
  void whoLeavesTheSessionEndsItsCommand() throws Exception {
    for (var size : List.of(Optional.<TerminalSize>empty(), Optional.of(TerminalSize.DEFAULT))) {
      String line = "trap '' HUP; echo begun; sleep 4321; sleep 4322";
      try (ExecSession session = open(line, size)) {
        awaitLine(new BufferedReader(new InputStreamReader(session.output(), UTF_8)), "begun");
        assertThat(processes()).contains("sleep 4321");
      }
      await().atMost(LONG).untilAsserted(() -> assertThat(processes()).doesNotContain("sleep 432"));
    }
  }

  @Test
  void whatCannotBeStartedIsSaidPlainly() throws Exception {
    assertThatThrownBy(() -> exec.session("nowhere", List.of("true"), Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no pod nowhere");
    try (ExecSession session = exec.session("runs", List.of("no-such-program"), Optional.empty())) {
      assertThat(session.errors().readAllBytes()).asString().contains("no-such-program");
      assertThat(session.exitCode()).isEqualTo(127);
    }
  }

  private static ExecSession open(String line, Optional<TerminalSize> size) throws Exception {
    return exec.session("runs", List.of("/bin/sh", "-c", line), size);
  }

  private static String processes() throws Exception {
    return exec.run("runs", List.of("ps"), LONG).output();
  }

  /// A kubelet may hand on keys before the size that was sent ahead of them; a terminal without a
  /// size is a problem to `stty`.
  private static void askUntil(ExecSession session, BufferedReader lines, String wanted)
      throws IOException {
    String told;
    do {
      session.input().write('\n');
      told = lines.readLine();
      while (told != null && !told.matches("[0-9]+ [0-9]+|stty: .*")) {
        told = lines.readLine();
      }
    } while (told != null && !told.equals(wanted));
    assertThat(told).isEqualTo(wanted);
  }

  private static void awaitLine(BufferedReader lines, String wanted) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(wanted)) {
      line = lines.readLine();
    }
    assertThat(line).isEqualTo(wanted);
  }
}
