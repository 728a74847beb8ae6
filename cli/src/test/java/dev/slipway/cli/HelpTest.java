package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {
  private static Map<String, CommandLine> commands() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var surroundings =
        new Surroundings(Map.of(), InputStream.nullInputStream(), nowhere, nowhere, Run.PIPE);
    return new TreeMap<>(Commands.all(new Session(surroundings)).getSubcommands());
  }

  @Test
  void everyCommandHasOneLineOfDescriptionAndExamples() {
    assertThat(commands()).hasSizeGreaterThanOrEqualTo(20);
    commands()
        .forEach(
            (name, command) -> {
              var usage = command.getCommandSpec().usageMessage();
              assertThat(usage.description()).as(name).hasSize(1);
              assertThat(usage.description()[0]).as(name).endsWith(".").hasSizeLessThan(100);
              if (!usage.hidden()) {
                assertThat(usage.footer())
                    .as(name)
                    .contains("Examples:")
                    .anyMatch(
                        line ->
                            line.contains("slipway " + name)
                                || line.contains("slipway)")
                                || line.contains("(slipway " + name));
              }
            });
  }

  @Test
  void theHelpListsEveryCommandAndExitCode() {
    Run run = Run.with(Run.PIPE, Map.of(), "", "--help");
    assertThat(run.code()).isZero();
    commands()
        .forEach(
            (name, command) -> {
              if (!command.getCommandSpec().usageMessage().hidden()) {
                assertThat(run.out()).contains("  " + name + " ");
              }
            });
    for (Exit exit : Exit.values()) {
      assertThat(run.out()).containsPattern(" " + exit.code() + "  \\Q" + exit.meaning());
    }
  }

  @Test
  void theHelpOfACommandShowsTheOptionsThatHoldEverywhere() {
    Run run = Run.with(Run.PIPE, Map.of(), "", "scale", "--help");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("slipway scale")
        .contains("--url=URL")
        .contains("ID=N")
        .contains("--timeout=TIME");
  }

  @Test
  void aNarrowTerminalGetsANarrowHelp() {
    Run run = Run.with(new Screen(true, 80, true), Map.of("NO_COLOR", "1"), "", "nodes", "--help");
    assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void theVersionAsksNoServer() {
    Run run = Run.with(Run.PIPE, Map.of("SLIPWAY_URL", "http://127.0.0.1:1"), "", "version");
    assertThat(run.out()).matches("slipway \\d+\\.\\d+\\.\\d+.*\n");
    assertThat(Run.with(Run.PIPE, Map.of(), "", "version", "--json").json().has("version"))
        .isTrue();
  }

  @Test
  void completionIsAScriptThatBashUnderstands() throws Exception {
    Run run = Run.with(Run.PIPE, Map.of(), "", "completion");
    assertThat(run.out()).contains("deploy").contains("complete -F");
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (OutputStream input = bash.getOutputStream()) {
      input.write(run.out().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(bash.waitFor()).isZero();
  }
}
