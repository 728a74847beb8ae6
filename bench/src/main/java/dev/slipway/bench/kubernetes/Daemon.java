package dev.slipway.bench.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program that runs beside this one, its output in a file. Closing it ends it: asked first, then
/// by force.
final class Daemon implements AutoCloseable {
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);
  private static final int LOG_TAIL = 1_500;

  /// With what Kubernetes' programs say why they end, before pages of stacks.
  private static final Pattern FATAL = Pattern.compile("(?m)^(F\\d{4} |panic: ).*$");

  private final String name;
  private final Process process;
  private final Path log;
  private final AtExit atExit;

  private Daemon(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.atExit = AtExit.run(name, process::destroyForcibly);
  }

  /// @param name of its log file in `directory`
  static Daemon start(String name, Path directory, Path program, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(arguments);
    Path log = directory.resolve(name + ".log");
    try {
      Process process =
          new ProcessBuilder(words)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      return new Daemon(name, process, log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// @throws IllegalStateException with the end of its log once it has ended by itself
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " has ended: " + tail());
    }
  }

  /// The processor time that it has used.
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  String tail() {
    try {
      String text = Files.readString(log);
      Matcher fatal = FATAL.matcher(text);
      if (fatal.find()) {
        return fatal.group();
      }
      return text.substring(Math.max(0, text.length() - LOG_TAIL));
    } catch (IOException unreadable) {
      return "its log cannot be read: " + unreadable;
    }
  }

  /// Asks it to end, without waiting for that.
  void ask() {
    process.destroy();
  }

  @Override
  public void close() {
    ask();
    atExit.done();
    try {
      if (!process.waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
