package dev.slipway.bench;

import dev.slipway.cli.Exit;
import dev.slipway.cli.Surroundings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;

/// The entry of `./slipway bench`.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(Surroundings.ofProcess(), System.getProperty("slipway.home", ""), arguments));
  }

  /// Carries out one line and returns its exit code: 0 also when bars were missed, 1 when something
  /// could not be measured, 2 for wrong usage.
  ///
  /// @param home the checkout whose build is measured
  static int run(Surroundings surroundings, String home, String... arguments) {
    // Why nothing can be measured is no bug: a directory that is not there, a disk that is full.
    IExecutionExceptionHandler failure =
        (problem, line, parsed) -> {
          surroundings.err().println("slipway bench: " + problem.getMessage());
          return Exit.FAILED.code();
        };
    int code =
        new CommandLine(new BenchCommand(surroundings, home))
            .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
            .setExecutionExceptionHandler(failure)
            .execute(arguments);
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }
}
