package dev.slipway.engine.kubernetes.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A program that serves: it can be stopped, and started again with the same words. Its output goes
/// to a file. It outlives the JVM unless it is stopped.
final class ServerProcess {
  private static final int PATIENCE_SECONDS = 20;

  private final List<String> words;
  private final Path log;
  private final @Nullable Path pidFile;
  private @Nullable ProcessHandle running;

  private ServerProcess(
      List<String> words, Path log, @Nullable Path pidFile, @Nullable ProcessHandle running) {
    this.words = List.copyOf(words);
    this.log = log;
    this.pidFile = pidFile;
    this.running = running;
  }

  /// A program that runs, known by a file with its process id; its output goes beside that file.
  static ServerProcess recorded(Path pidFile) {
    try {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      String commandLine = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), UTF_8);
      Path log = pidFile.resolveSibling(pidFile.getFileName().toString().replace(".pid", ".log"));
      return new ServerProcess(
          List.of(commandLine.split("\0")), log, pidFile, ProcessHandle.of(pid).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A program that is yet to be started.
  static ServerProcess of(Path log, List<String> words) {
    return new ServerProcess(words, log, null, null);
  }

  /// Starts it in a session of its own, so that a signal to the tests does not reach it; does
  /// nothing while it runs.
  void start() {
    if (isAlive()) {
      return;
    }
    try {
      var command = new ArrayList<>(List.of("setsid"));
      command.addAll(words);
      ProcessHandle started =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start()
              .toHandle();
      running = started;
      if (pidFile != null) {
        Files.writeString(pidFile, started.pid() + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return running != null && running.isAlive();
  }

  /// Ends it at once.
  void kill() {
    ProcessHandle process = running;
    if (process != null) {
      process.destroyForcibly();
      process.onExit().join();
      running = null;
    }
  }

  /// Ends it, hard if it does not end by itself.
  void stop() {
    ProcessHandle process = running;
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException slow) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    running = null;
  }

  /// What it said last.
  String tail() {
    try {
      List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
