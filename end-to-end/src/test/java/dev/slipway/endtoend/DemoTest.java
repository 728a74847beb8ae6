package dev.slipway.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Distribution;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `slipway demo`, as somebody runs it who has just cloned the project.
@ResourceLock("the ports of the crawler")
class DemoTest {
  @TempDir Path directory;

  @Test
  void theDemonstrationEndsWithASummaryAndLeavesNothing() throws IOException {
    CommandRun run =
        CommandRun.of(
            environment(),
            "demo",
            "--exit-when-done",
            "--json",
            "--items",
            "300",
            "--listen",
            "127.0.0.1:0");

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    JsonNode summary = JsonMapper.shared().readTree(run.lastLine());
    assertThat(summary.path("items").asInt()).isEqualTo(294);
    assertThat(summary.path("pages").asInt()).isGreaterThan(294);
    assertThat(summary.path("errors").asInt(-1)).isZero();
    assertThat(summary.path("seconds").asDouble()).isPositive();
    assertThat(summary.path("pagesPerSecond").asDouble()).isPositive();
    assertNothingIsLeft();
  }

  @Test
  void anInterruptedDemonstrationLeavesNothing() throws Exception {
    Path errors = directory.resolve("errors");
    Process demo =
        Distribution.process(List.of("demo", "--listen", "127.0.0.1:0"), environment())
            .redirectOutput(directory.resolve("output").toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      Eventually.so("tasks run", () -> Machine.programs(directory).size() >= 2);
      Path data = platform().resolve("data");
      assertThat(Machine.leftovers(data).toString()).contains("process", "slipway-demo-");

      assertThat(Machine.run("kill", "-INT", Long.toString(demo.pid()))).isZero();

      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(demo.exitValue()).isEqualTo(130);
      assertThat(Files.readString(errors, UTF_8)).doesNotContain("\tat ");
      assertNothingIsLeft();
      assertThat(Machine.leftovers(data)).isEmpty();
    } finally {
      demo.destroyForcibly();
      Machine.clean(directory);
    }
  }

  /// The demonstration makes its directory where temporary files go.
  private Map<String, String> environment() {
    return Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + directory);
  }

  private Path platform() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("slipway-demo-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void assertNothingIsLeft() throws IOException {
    Eventually.holds("nothing is left", () -> assertThat(Machine.leftovers(directory)).isEmpty());
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("slipway-demo-")))
          .isEmpty();
    }
  }
}
