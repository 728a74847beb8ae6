package dev.slipway.endtoend.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How one run of the `slipway` command, as a process, ended.
public record CommandRun(int code, String out, String err) {
  private static final int LONGEST_SECONDS = 120;

  public static CommandRun of(Map<String, String> environment, String... arguments) {
    try {
      return run(environment, List.of(arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static CommandRun run(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("slipway-command-", ".out");
    Path err = Files.createTempFile("slipway-command-", ".err");
    Process process =
        Distribution.process(arguments, environment)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(
            String.join(" ", arguments) + " does not end: " + Files.readString(out, UTF_8));
      }
      return new CommandRun(
          process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  /// The last line of the standard output.
  public String lastLine() {
    return out.strip().lines().reduce("", (first, last) -> last);
  }
}
