package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.Screen;
import dev.slipway.cli.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  private record Outcome(int code, String out, String err) {}

  @Test
  void withoutANameAllBenchmarksAreListed() {
    Outcome outcome = run();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("NAME").contains("local").contains("journal");
  }

  @Test
  void anUnknownNameOrPartIsWrongUsage() {
    assertThat(run("moon").code()).isEqualTo(2);
    assertThat(run("moon").err()).contains("There is no benchmark 'moon'");
    assertThat(run("local", "moon").err()).contains("has no part 'moon'");
    assertThat(run("local", "--runs", "0").code()).isEqualTo(2);
  }

  @Test
  void aRealServerAndARealJournalAreMeasuredAndNothingIsLeft() throws IOException {
    Outcome outcome = run("local", "start", "journal", "--runs", "1", "--json");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("{\"bench\":\"local\",\"metric\":\""))
        .anySatisfy(line -> assertThat(line).contains("cold_start").contains("\"bar\":1500"))
        .anySatisfy(line -> assertThat(line).contains("journal_appends"));
    assertThat(outcome.err()).contains(" cores ").contains("run 1 of 1");
    assertThat(workplaces()).isEmpty();
  }

  @Test
  void whatCannotBeMeasuredIsToldWithItsReason() throws IOException {
    Path empty = Files.createTempDirectory("no-build-");
    try {
      Outcome outcome = run(empty.toString(), new String[] {"local", "start"});
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err()).contains("build first");
    } finally {
      Files.delete(empty);
    }
  }

  @Test
  void withoutAClusterAndItsProgramsWhatIsMissingIsSaid() {
    Outcome outcome = run("kubernetes", "start-20", "bind", "--runs", "1");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("start-20 failed: it needs a cluster: set $KUBECONFIG, or give --cluster SCRIPT")
        .contains("bind failed: it needs Kubernetes' programs: set $KUBEBUILDER_ASSETS");
  }

  private static List<Path> workplaces() throws IOException {
    String ours = Workplace.PREFIX + ProcessHandle.current().pid() + "-";
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(file -> file.getFileName().toString().startsWith(ours)).toList();
    }
  }

  private static Outcome run(String... arguments) {
    return run(Checkout.find().toString(), arguments);
  }

  private static Outcome run(String home, String[] arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var surroundings =
        new Surroundings(
            Map.of(),
            InputStream.nullInputStream(),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            new Screen(false, Screen.UNLIMITED, true));
    int code = Main.run(surroundings, home, arguments);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
