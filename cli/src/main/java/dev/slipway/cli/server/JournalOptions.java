package dev.slipway.cli.server;

import dev.slipway.journal.JournalPlace;
import dev.slipway.journal.PostgresPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Where everything is recorded: the same words for a server and for who looks after its journal.
final class JournalOptions {
  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description =
          "Keeps everything; SLIPWAY_DATA, or /var/lib/slipway for root, else ~/.local/share/slipway.")
  @Nullable Path data;

  @Option(
      names = "--journal",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description =
          "Where everything is recorded: sqlite, in the data directory, or"
              + " jdbc:postgresql://HOST/DATABASE?user=NAME, for several servers; SLIPWAY_JOURNAL,"
              + " or sqlite.")
  @Nullable String journal;

  @Option(
      names = "--journal-password-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "Holds the database's password; without it SLIPWAY_JOURNAL_PASSWORD, or ~/.pgpass.")
  @Nullable Path passwordFile;

  @Option(
      names = "--journal-schema",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      description = "The schema in that database; slipway.")
  @Nullable String schema;

  Path directory(Reading read) {
    return DataDirectory.of(data, read);
  }

  /// @throws IllegalArgumentException when the options and the environment name no journal
  JournalPlace chosen(Reading read) {
    JournalPlace place = named(read.text("--journal", journal).orElse(JournalPlace.SQLITE), read);
    if (place instanceof JournalPlace.InDirectory && (passwordFile != null || schema != null)) {
      throw new IllegalArgumentException(
          "--journal-password-file and --journal-schema go with --journal jdbc:postgresql:... only");
    }
    return place;
  }

  /// The journal of this name, with the schema and the password that the options say.
  JournalPlace named(String text, Reading read) {
    return JournalPlace.parse(
        text,
        directory(read),
        read.text("--journal-schema", schema).orElse(PostgresPlace.DEFAULT_SCHEMA),
        password(read));
  }

  private Optional<String> password(Reading read) {
    Optional<String> file = read.text("--journal-password-file", passwordFile);
    if (file.isEmpty()) {
      return read.text("--journal-password", null);
    }
    try {
      return Optional.of(Files.readString(Path.of(file.get())).strip());
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "the file of the journal's password cannot be read: " + unreadable.getMessage(),
          unreadable);
    }
  }
}
