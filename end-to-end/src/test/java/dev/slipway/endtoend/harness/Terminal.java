package dev.slipway.endtoend.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A person at a terminal, who runs the `slipway` command and types. Util-linux's `script` makes
/// the terminal; what shows on it is kept.
public final class Terminal implements AutoCloseable {
  private final Path shown;
  private final Process process;

  private Terminal(Path shown, Process process) {
    this.shown = shown;
    this.process = process;
  }

  /// @param columns of the window
  /// @param rows of the window
  static Terminal open(
      int columns, int rows, Map<String, String> environment, List<String> arguments) {
    String line = "stty rows %d cols %d; eval \"exec $WORDS\"".formatted(rows, columns);
    try {
      Path shown = Files.createTempFile("slipway-terminal-", ".out");
      ProcessBuilder builder = Distribution.process(arguments, environment);
      builder.environment().put("SHELL", "/bin/sh");
      builder.environment().put("WORDS", quoted(builder.command()));
      builder.command("script", "-q", "-e", "-c", line, "/dev/null");
      builder.redirectErrorStream(true).redirectOutput(shown.toFile());
      return new Terminal(shown, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(List<String> words) {
    List<String> quoted = new ArrayList<>();
    words.forEach(word -> quoted.add("'" + word.replace("'", "'\\''") + "'"));
    return String.join(" ", quoted);
  }

  /// Presses these keys, one after the other.
  public void press(String keys) {
    try {
      process.getOutputStream().write(keys.getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until this is shown.
  public void awaitShown(String text) {
    Eventually.holds("it is shown", () -> assertThat(shown()).contains(text));
  }

  /// All that has been shown, with the ends of lines as files have them.
  public String shown() {
    try {
      return Files.readString(shown).replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until the command has ended; its exit code.
  public int awaitEnd() {
    try {
      if (!process.waitFor(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the command does not end: " + shown());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Hangs up, and with that ends the command.
  @Override
  public void close() {
    process.destroy();
    try {
      Files.delete(shown);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
