package dev.slipway.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.journal.JournalPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class JournalOptionsTest {
  private static final String SHARED = "jdbc:postgresql://db/slipway?user=slipway";

  @Command
  private static final class AnyCommand {
    @Mixin JournalOptions journal = new JournalOptions();
  }

  private static JournalPlace chosen(Map<String, String> environment, String... arguments) {
    var command = new AnyCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.journal.chosen(new Reading(environment));
  }

  private static JournalPlace.Shared shared(Map<String, String> environment, String... arguments) {
    return (JournalPlace.Shared) chosen(environment, arguments);
  }

  @Test
  void withoutAWordItIsInTheDataDirectory() {
    assertThat(chosen(Map.of(), "--data", "/srv/slipway"))
        .isEqualTo(new JournalPlace.InDirectory(Path.of("/srv/slipway")));
    assertThat(chosen(Map.of("SLIPWAY_DATA", "/srv/told")))
        .isEqualTo(new JournalPlace.InDirectory(Path.of("/srv/told")));
  }

  @Test
  void theEnvironmentSaysWhatTheOptionsDoNot() {
    var environment =
        Map.of(
            "SLIPWAY_JOURNAL", SHARED,
            "SLIPWAY_JOURNAL_SCHEMA", "told",
            "SLIPWAY_JOURNAL_PASSWORD", "secret");
    assertThat(shared(environment).place().schema()).isEqualTo("told");
    assertThat(shared(environment).place().password()).contains("secret");
    assertThat(shared(environment, "--journal-schema", "said").place().schema()).isEqualTo("said");
    assertThat(shared(Map.of(), "--journal", SHARED).place().password()).isEmpty();
  }

  @Test
  void theFileOfThePasswordIsReadWithoutItsLastLineBreak(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "from the file\n");
    assertThat(
            shared(
                    Map.of("SLIPWAY_JOURNAL_PASSWORD", "other"),
                    "--journal",
                    SHARED,
                    "--journal-password-file",
                    file.toString())
                .place()
                .password())
        .contains("from the file");
    assertThat(
            shared(Map.of("SLIPWAY_JOURNAL_PASSWORD_FILE", file.toString()), "--journal", SHARED)
                .place()
                .password())
        .contains("from the file");
    assertThatThrownBy(
            () ->
                shared(
                    Map.of("SLIPWAY_JOURNAL_PASSWORD_FILE", file + ".none"), "--journal", SHARED))
        .hasMessageContaining("the file of the journal's password cannot be read");
  }

  @Test
  void whatIsOfADatabaseAloneIsRefusedWithoutOne() {
    assertThatThrownBy(() -> chosen(Map.of(), "--journal-schema", "other"))
        .hasMessageContaining("go with --journal jdbc:postgresql:... only");
    assertThatThrownBy(() -> chosen(Map.of(), "--journal", "mysql://db"))
        .hasMessageContaining("a journal is 'sqlite'");
  }
}
