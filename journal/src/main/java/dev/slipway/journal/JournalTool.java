package dev.slipway.journal;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/// What a person does with a data directory's journal when no server can start from it. Only
/// {@link #repair} changes anything.
public final class JournalTool {
  private JournalTool() {}

  /// Looks at every row, and keeps servers away meanwhile. Where one runs already it reads beside
  /// it, and leaves the write-ahead log alone.
  ///
  /// @throws NewerFormat when a newer version wrote the journal
  /// @throws java.io.UncheckedIOException when the directory or its files cannot be read
  public static Report check(Path dataDirectory) {
    Path file = existing(dataDirectory);
    try (var _ = DirectoryLock.acquire(dataDirectory)) {
      return new JournalCheck(file, true).run();
    } catch (DirectoryInUse running) {
      return new JournalCheck(file, false).run();
    }
  }

  /// Makes a new journal of all that can be read up to the first event that is lost, and keeps the
  /// damaged one beside it under another name. A journal that is sound is left as it is.
  ///
  /// @throws DirectoryInUse when a server has the directory
  /// @throws NewerFormat when a newer version wrote the journal
  /// @throws JournalFull when the disk does not take the new one; the damaged one is in its place
  public static Report repair(Path dataDirectory) {
    Path file = existing(dataDirectory);
    try (var _ = DirectoryLock.acquire(dataDirectory)) {
      return new JournalRepair(file, InstantSource.system()).run();
    }
  }

  /// Writes the journal as text, one JSON object a line: a snapshot, where the history does not
  /// begin with the first event, then the events. What cannot be read is told by a line too. The
  /// text holds the apps' environments in clear.
  ///
  /// @throws NewerFormat when a newer version wrote the journal
  /// @throws IOException when `out` fails
  public static void export(Path dataDirectory, Writer out) throws IOException {
    new JournalExport(existing(dataDirectory), out).run();
  }

  /// The same as {@link #check(Path)}, wherever the journal is.
  public static Report check(JournalPlace place) {
    return switch (place) {
      case JournalPlace.InDirectory in -> check(in.directory());
      case JournalPlace.Shared shared -> on(shared, JournalCheck::of);
    };
  }

  /// The same as {@link #export(Path, Writer)}, wherever the journal is.
  public static void export(JournalPlace place, Writer out) throws IOException {
    switch (place) {
      case JournalPlace.InDirectory in -> export(in.directory(), out);
      case JournalPlace.Shared shared -> {
        try (var database = PostgresDatabase.open(shared.place())) {
          JournalExport.of(database, out);
        }
      }
    }
  }

  /// Writes all that the journal holds into one file, beside a running server too. The secrets in
  /// it are sealed as they are; the apps' environments are in clear.
  ///
  /// @throws IOException when the file cannot be written
  public static Report backup(JournalPlace place, Path file) throws IOException {
    JournalRows.Sum sum;
    try (Database database = reading(place)) {
      sum = BackupFile.write(database, file);
    }
    return new Report(
        true,
        List.of(
            "backup of " + place,
            "in " + file.toAbsolutePath(),
            sum.rows() + " rows, SHA-256 " + sum.digest()));
  }

  /// Puts what a backup holds into a place where no server runs.
  ///
  /// @param replace whether what the place holds is given up
  /// @throws JournalRefused when the place is not empty, or a server leads with it
  /// @throws JournalDamaged when the backup is
  /// @throws DirectoryInUse when a server has the directory
  /// @throws IOException when the file cannot be read
  public static Report restore(Path file, JournalPlace place, boolean replace) throws IOException {
    try (var target = Held.of(place)) {
      return new JournalMove(target.database(), replace).from(file);
    }
  }

  /// Copies a journal to another, empty place, while no server runs on either.
  ///
  /// @throws JournalRefused when the target is not empty, or a server leads with one of them
  /// @throws DirectoryInUse when a server has one of the directories
  public static Report copy(JournalPlace from, JournalPlace to) {
    if (from instanceof JournalPlace.InDirectory in) {
      existing(in.directory());
    }
    try (var source = Held.of(from);
        var target = Held.of(to)) {
      return new JournalMove(target.database(), false).from(source.database());
    }
  }

  private static Database reading(JournalPlace place) {
    return switch (place) {
      case JournalPlace.InDirectory in -> SqliteDatabase.openForReading(existing(in.directory()));
      case JournalPlace.Shared shared -> PostgresDatabase.open(shared.place());
    };
  }

  private static Report on(JournalPlace.Shared shared, Function<Database, Report> tool) {
    try (var database = PostgresDatabase.open(shared.place())) {
      return tool.apply(database);
    }
  }

  private static Path existing(Path dataDirectory) {
    Path file = JournalFile.in(dataDirectory);
    if (!Files.isRegularFile(file)) {
      throw new JournalDamaged(file.toString(), "offset 0", "there is no such file");
    }
    return file;
  }
}
