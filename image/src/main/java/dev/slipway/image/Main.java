package dev.slipway.image;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;

/// The entry of `./slipway kubernetes image`.
public final class Main {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Main() {}

  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(Path.of(System.getProperty("slipway.home", ".")), out, err, arguments));
  }

  /// Carries out one line and returns its exit code: 0, 1 when the image could not be made, 2 for
  /// wrong usage.
  static int run(Path home, PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new ImageCommand(home, out))
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(
            (problem, line, parsed) -> {
              err.println("slipway kubernetes image: " + problem.getMessage());
              return problem instanceof IllegalArgumentException ? USAGE : FAILED;
            })
        .execute(arguments);
  }
}
