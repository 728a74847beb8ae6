package dev.slipway.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.endtoend.harness.Distribution;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// marathon-python (Debian's `python3-marathon`), unmodified, against a server on real processes.
/// Skipped where the package is not installed; `.ci/run` installs it.
class PythonClientTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("python-client");

  /// Debian's own, which knows Debian's packages.
  private static final String PYTHON = "/usr/bin/python3";

  private static final Path SCENARIOS =
      Distribution.checkout().resolve("end-to-end/src/test/python/marathon_scenarios.py");
  private static final int LONGEST_SECONDS = 150;

  private final RunningServer server = SHARED.get();

  @BeforeAll
  static void needsTheClient() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON)) && run(List.of("-c", "import marathon")).code() == 0,
        "python3-marathon is not installed");
  }

  private record Run(int code, String output) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata",
        "trivial_app",
        "complex_app",
        "scale_and_update",
        "restart",
        "kill",
        "deployments",
        "queue",
        "groups",
        "health",
        "events",
        "subscriptions",
        "mistakes"
      })
  void theClientFindsWhatItKnowsFromMarathon(String scenario) throws Exception {
    Run run = run(List.of(SCENARIOS.toString(), server.uri().toString(), scenario));

    assertThat(run.code()).as(run.output()).isZero();
  }

  private static Run run(List<String> arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(PYTHON));
    words.addAll(arguments);
    Path output = Files.createTempFile("slipway-python-", ".out");
    var builder = new ProcessBuilder(words);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
      String said = Files.readString(output, UTF_8);
      assertThat(ended).as("%s ends: %s", arguments, said).isTrue();
      return new Run(process.exitValue(), said);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
