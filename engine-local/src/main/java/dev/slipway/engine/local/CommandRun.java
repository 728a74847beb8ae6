package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.app.Command;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TerminalSize;
import dev.slipway.engine.local.LocalTask.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Runs commands beside tasks: with the task's account, variables, namespaces, control groups and
/// sandbox. Output beyond the limit is read and dropped, so that the command is not blocked by it.
final class CommandRun {
  static final int LARGEST_OUTPUT = 64 * 1024;

  private static final int AT_ONCE = 32;

  /// How long output is awaited after the command ended: what it left running may hold the pipe.
  private static final Duration OUTPUT_DEADLINE = Duration.ofMillis(200);

  private static final Duration RESIZE_DEADLINE = Duration.ofSeconds(5);

  private final Supervisor supervisor;
  private final Outfitter outfitter;
  private final Semaphore places = new Semaphore(AT_ONCE);

  CommandRun(Supervisor supervisor, Outfitter outfitter) {
    this.supervisor = supervisor;
    this.outfitter = outfitter;
  }

  CommandOutcome run(LocalTask task, Command command, Duration timeout)
      throws IOException, InterruptedException {
    Phase.Running running = running(task);
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!places.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("too many commands run beside tasks of this machine");
    }
    try {
      return collect(prepared(task, running, command.argv()).start(), deadline, timeout);
    } finally {
      places.release();
    }
  }

  /// Starts a command that is talked to. Whoever opens sessions limits them.
  ExecSession open(LocalTask task, List<String> argv, Optional<TerminalSize> terminal)
      throws IOException, InterruptedException {
    Phase.Running running = running(task);
    ProcessBuilder builder = prepared(task, running, TerminalCommand.words(argv, terminal));
    builder.environment().put("SLIPWAY_TALKS", "yes");
    builder.redirectErrorStream(false).redirectInput(ProcessBuilder.Redirect.PIPE);
    Process process = builder.start();
    if (terminal.isEmpty()) {
      return new ProcessSession(process, process.getErrorStream(), size -> {});
    }
    try {
      String device = TerminalCommand.device(process.getErrorStream());
      return new ProcessSession(
          process,
          InputStream.nullInputStream(),
          size -> resize(task, TerminalCommand.resizing(device, size)));
    } catch (IOException none) {
      end(process);
      throw none;
    }
  }

  private void resize(LocalTask task, List<String> argv) throws IOException {
    try {
      CommandOutcome outcome = run(task, new Command.Arguments(argv), RESIZE_DEADLINE);
      if (outcome.exitCode() != 0) {
        throw new IOException("the terminal keeps its size: " + outcome.output().strip());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the terminal was resized", stopped);
    }
  }

  private static Phase.Running running(LocalTask task) throws IOException {
    return task.running().orElseThrow(() -> new IOException("task " + task.id() + " does not run"));
  }

  private ProcessBuilder prepared(LocalTask task, Phase.Running running, List<String> argv)
      throws IOException {
    Optional<Long> init = init(task, running);
    return supervisor.beside(task, running, secrets(task, running), init, argv);
  }

  private SortedMap<String, SecretValue> secrets(LocalTask task, Phase.Running running) {
    return task.secrets()
        .orElseGet(
            () -> {
              var again = outfitter.variablesAgain(running.launch());
              if (again.complete()) {
                // What is missing may be there for the next command.
                task.secretsFound(again.values());
              }
              return again.values();
            });
  }

  private static Optional<Long> init(LocalTask task, Phase.Running running) throws IOException {
    if (!running.run().tier().hasOwnProcesses()) {
      return Optional.empty();
    }
    Optional<Long> init = running.processes().init().map(ProcessTable.Row::pid);
    if (init.isEmpty()) {
      throw new IOException("task " + task.id() + " is not ready for commands");
    }
    return init;
  }

  private static CommandOutcome collect(Process process, long deadline, Duration timeout)
      throws IOException, InterruptedException {
    var output = new Output(process.getInputStream());
    Thread reader = Thread.ofVirtual().name("engine-local-command").start(output);
    try {
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new IOException("the command did not end within " + timeout.toMillis() + " ms");
      }
      reader.join(OUTPUT_DEADLINE);
      return new CommandOutcome(process.exitValue(), output.text());
    } finally {
      end(process);
      process.getInputStream().close();
    }
  }

  /// Who was found last is nobody's parent, so that it goes last: a shell that loses its child
  /// before it ends itself goes on to its next command.
  static void end(Process process) {
    if (process.isAlive()) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /// Reads to the end and keeps the first part.
  private static final class Output implements Runnable {
    private final InputStream input;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Output(InputStream input) {
      this.input = input;
    }

    @Override
    public void run() {
      byte[] part = new byte[8192];
      try {
        int length = input.read(part);
        while (length >= 0) {
          kept.write(part, 0, Math.min(length, LARGEST_OUTPUT - kept.size()));
          length = input.read(part);
        }
      } catch (IOException closed) {
        return;
      }
    }

    String text() {
      return kept.toString(UTF_8);
    }
  }
}
