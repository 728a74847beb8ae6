package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// PostgreSQL's own programs on this machine: those in the directory that the environment variable
/// `SLIPWAY_POSTGRESQL` names, or the newest of Debian's. They refuse to be run by root, so that
/// root runs them as the user `postgres`.
final class PostgresPrograms {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Path programs;
  private final boolean root = "root".equals(System.getProperty("user.name"));

  private PostgresPrograms(Path programs) {
    this.programs = programs;
  }

  static Optional<PostgresPrograms> installed() {
    String named = System.getenv("SLIPWAY_POSTGRESQL");
    if (named != null) {
      return Optional.of(new PostgresPrograms(Path.of(named)));
    }
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin").resolve("initdb")))
          .max(Comparator.comparingInt(PostgresPrograms::number))
          .map(version -> new PostgresPrograms(version.resolve("bin")));
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static int number(Path version) {
    try {
      return Integer.parseInt(version.getFileName().toString());
    } catch (NumberFormatException other) {
      return 0;
    }
  }

  /// Makes the directory the server's own.
  void give(Path directory) {
    if (root) {
      check(run(List.of("chown", "-R", USER, directory.toString()), directory));
    }
  }

  /// Runs a program to its end.
  ///
  /// @throws IllegalStateException with what it said, when it fails
  void run(Path directory, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (root) {
      command.addAll(List.of("runuser", "-u", USER, "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    check(run(command, directory));
  }

  private record Outcome(List<String> command, int status, String said) {}

  private static void check(Outcome outcome) {
    if (outcome.status() != 0) {
      throw new IllegalStateException(outcome.command() + " failed: " + outcome.said());
    }
  }

  private static Outcome run(List<String> command, Path directory) {
    try {
      Path said = Files.createTempFile("postgres-", ".out");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(command + " does not end");
        }
        return new Outcome(command, process.exitValue(), Files.readString(said));
      } finally {
        Files.delete(said);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stop);
    }
  }
}
