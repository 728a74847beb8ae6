package dev.slipway.journal;

import dev.slipway.testing.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Where the journal of a test lies, so that one test is run on every database.
sealed interface Home extends AutoCloseable {
  /// The databases, for `@ParameterizedClass` and `@EnumSource`.
  enum Kind {
    SQLITE,
    POSTGRESQL
  }

  /// A journal's place that no one used yet.
  static Home on(Kind kind) {
    return switch (kind) {
      case SQLITE -> new InFile(directory());
      case POSTGRESQL -> OnServer.fresh();
    };
  }

  SqlJournal open();

  /// The database under it, for whoever looks at rows or damages them.
  Database database();

  @Override
  default void close() {}

  private static Path directory() {
    try {
      return Files.createTempDirectory("journal-");
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  record InFile(Path directory) implements Home {
    @Override
    public SqlJournal open() {
      return SqlJournal.open(JournalFile.in(directory));
    }

    @Override
    public Database database() {
      return SqliteDatabase.open(JournalFile.in(directory));
    }

    @Override
    public void close() {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
        Files.delete(directory);
      } catch (IOException problem) {
        throw new UncheckedIOException(problem);
      }
    }
  }

  /// A schema of the shared PostgreSQL server. Where there is none, the test is skipped.
  record OnServer(PostgresPlace place) implements Home {
    private static OnServer fresh() {
      var server = PostgresServer.shared();
      Assumptions.assumeTrue(
          server.isPresent(), "PostgreSQL is not installed, and SLIPWAY_POSTGRESQL names none");
      return new OnServer(Places.fresh(server.orElseThrow()));
    }

    @Override
    public SqlJournal open() {
      return SqlJournal.open(place);
    }

    @Override
    public Database database() {
      return PostgresDatabase.open(place);
    }
  }
}
