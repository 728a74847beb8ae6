package dev.slipway.journal;

import java.nio.file.Path;
import java.util.Optional;

/// Where a journal is.
public sealed interface JournalPlace {
  String SQLITE = "sqlite";

  /// In the file of a data directory, for one server.
  record InDirectory(Path directory) implements JournalPlace {
    @Override
    public String toString() {
      return JournalFile.in(directory).toString();
    }
  }

  /// In a PostgreSQL database, for several servers.
  record Shared(PostgresPlace place) implements JournalPlace {
    @Override
    public String toString() {
      return place.toString();
    }
  }

  /// What a person names a place by.
  ///
  /// @param text `sqlite`, `sqlite:DIRECTORY` or `jdbc:postgresql://...`
  /// @param usual the data directory that is meant by `sqlite` alone
  /// @throws IllegalArgumentException when it is neither, with what is right
  static JournalPlace parse(String text, Path usual, String schema, Optional<String> password) {
    if (text.equals(SQLITE)) {
      return new InDirectory(usual);
    }
    if (text.startsWith(SQLITE + ":") && text.length() > SQLITE.length() + 1) {
      return new InDirectory(Path.of(text.substring(SQLITE.length() + 1)));
    }
    if (text.startsWith(PostgresPlace.PREFIX)) {
      return new Shared(new PostgresPlace(text, schema, password));
    }
    // What is wrong here may hold a password, so it is not told.
    throw new IllegalArgumentException(
        "a journal is 'sqlite', 'sqlite:DIRECTORY' or 'jdbc:postgresql://HOST/DATABASE?user=NAME'");
  }
}
