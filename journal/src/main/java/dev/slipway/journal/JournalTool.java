package dev.slipway.journal;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

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

  private static Path existing(Path dataDirectory) {
    Path file = JournalFile.in(dataDirectory);
    if (!Files.isRegularFile(file)) {
      throw new JournalDamaged(file, "offset 0", "there is no such file");
    }
    return file;
  }
}
