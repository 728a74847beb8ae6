package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The machine's programs: where they are, and short runs of them.
final class Tool {
  /// The only directories that are searched: the platform may be root.
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final List<Path> DIRECTORIES =
      List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

  private static final int DEADLINE_SECONDS = 10;
  private static final int LONGEST_OUTPUT = 4096;

  /// What a run gave.
  record Outcome(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  private Tool() {}

  static Optional<Path> find(String name) {
    return DIRECTORIES.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// The surroundings of everything that runs with the platform's privileges: nothing from users.
  static void setEnvironment(ProcessBuilder builder, Map<String, String> variables) {
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", PATH);
    environment.put("LC_ALL", "C");
    environment.putAll(variables);
  }

  /// Runs a program that ends soon.
  static Outcome run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    setEnvironment(builder, Map.of());
    Path output = Files.createTempFile("slipway", ".out");
    try {
      Process process = builder.redirectOutput(output.toFile()).start();
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Outcome(124, "it did not end within " + DEADLINE_SECONDS + " seconds");
      }
      try (var input = Files.newInputStream(output)) {
        String text = new String(input.readNBytes(LONGEST_OUTPUT), UTF_8).strip();
        return new Outcome(process.exitValue(), text);
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
