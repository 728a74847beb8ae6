package dev.slipway.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Command;
import dev.slipway.core.instance.TaskId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every engine keeps to that runs commands which are talked to.
public interface TerminalContract extends EngineHarness {
  /// What a test may take that waits for a program's words.
  long LONGEST_SECONDS = 120;

  @Test
  @Timeout(LONGEST_SECONDS)
  default void aCommandReadsInputToItsEndAndTellsItsExitCode() throws Exception {
    withTask(
        (engine, task) -> {
          List<String> command = List.of("/bin/sh", "-c", "cat; echo wrong >&2; exit 7");
          try (ExecSession session = engine.exec(task, command, Optional.empty())) {
            session.input().write("hello\n".getBytes(UTF_8));
            session.input().write(new byte[] {0, (byte) 0xff, '\r', '\n', 4});
            session.input().close();
            assertThat(session.output().readAllBytes())
                .startsWith("hello\n".getBytes(UTF_8))
                .endsWith(0, 0xff, '\r', '\n', 4)
                .hasSize(11);
            assertThat(session.errors().readAllBytes()).asString(UTF_8).isEqualTo("wrong\n");
            assertThat(session.exitCode()).isEqualTo(7);
          }
        });
  }

  @Test
  @Timeout(LONGEST_SECONDS)
  default void muchInputArrivesWholeAndInOrder() throws Exception {
    withTask(
        (engine, task) -> {
          byte[] much = "0123456789abcdef".repeat(20_000).getBytes(UTF_8);
          try (ExecSession session = engine.exec(task, List.of("cat"), Optional.empty())) {
            Thread writer =
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
            writer.join();
            assertThat(session.exitCode()).isZero();
          }
        });
  }

  @Test
  @Timeout(LONGEST_SECONDS)
  default void withATerminalProgramsSeeOneAndItsSize() throws Exception {
    withTask(
        (engine, task) -> {
          List<String> command =
              List.of(
                  "/bin/sh",
                  "-c",
                  "test -t 0 && test -t 1 && echo 'a terminal';"
                      + " while read -r line; do stty size; done; exit 5");
          var size = Optional.of(new TerminalSize(91, 23));
          try (ExecSession session = engine.exec(task, command, size)) {
            var lines = new BufferedReader(new InputStreamReader(session.output(), UTF_8));
            awaitLine(lines, "a terminal");
            awaitSize(session, lines, "23 91");
            session.resize(new TerminalSize(120, 50));
            awaitSize(session, lines, "50 120");
            session.input().write(4);
            lines.transferTo(Writer.nullWriter());
            assertThat(session.exitCode()).isEqualTo(5);
          }
        });
  }

  @Test
  @Timeout(LONGEST_SECONDS)
  default void closingTheSessionEndsTheCommand() throws Exception {
    withTask(
        (engine, task) -> {
          for (var terminal :
              List.of(Optional.<TerminalSize>empty(), Optional.of(TerminalSize.DEFAULT))) {
            List<String> command = List.of("/bin/sh", "-c", "echo begun; sleep 4321; sleep 4322");
            try (ExecSession session = engine.exec(task, command, terminal)) {
              var lines = new BufferedReader(new InputStreamReader(session.output(), UTF_8));
              awaitLine(lines, "begun");
              assertThat(sleeping(engine, task)).isTrue();
            }
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (sleeping(engine, task)) {
              assertThat(System.nanoTime()).isLessThan(deadline);
            }
          }
        });
  }

  @Test
  @Timeout(LONGEST_SECONDS)
  default void aTaskThatDoesNotRunIsSaidPlainly() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch ended = shell("true", 1);
      engine.launch(ended);
      seen.awaitEnd(ended.id());
      assertThatThrownBy(() -> engine.exec(ended.id(), List.of("true"), Optional.empty()).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(ended.id().toString());
      var unknown = shell("never launched", 1).id();
      assertThatThrownBy(() -> engine.exec(unknown, List.of("true"), Optional.empty()).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(unknown.toString());
    }
  }

  private static boolean sleeping(Engine engine, TaskId task) throws Exception {
    String line =
        "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null"
            + " | grep -q '^sleep 432[12]'";
    var command = new Command.Shell(line);
    return engine.execute(task, command, DEADLINE).exitCode() == 0;
  }

  /// Asks for the size until it is that: an engine may hand on input before a size.
  private static void awaitSize(ExecSession session, BufferedReader lines, String wanted)
      throws IOException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    String told = "";
    while (!told.equals(wanted)) {
      assertThat(System.nanoTime()).as("told " + told + ", not " + wanted).isLessThan(deadline);
      session.input().write('\n');
      do {
        told = String.valueOf(lines.readLine());
      } while (told.isEmpty());
    }
  }

  private static void awaitLine(BufferedReader lines, String wanted) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(wanted)) {
      line = lines.readLine();
    }
    assertThat(line).isEqualTo(wanted);
  }

  /// What is done with a task that runs.
  @FunctionalInterface
  interface WithTask {
    void run(Engine engine, TaskId task) throws Exception;
  }

  private void withTask(WithTask story) throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch launch = shell("sleep 1000", 1);
      engine.launch(launch);
      seen.awaitRunning(launch.id());
      try {
        story.run(engine, launch.id());
      } finally {
        engine.kill(launch.id(), Duration.ZERO, new Epoch(1));
        seen.awaitEnd(launch.id());
      }
    }
  }
}
