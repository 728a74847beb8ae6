package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The journal's file in a data directory: how it comes to be, and what is looked at before SQLite
/// is let near it.
///
/// It is made under another name and renamed when it is whole. A journal's file that is empty or
/// has no tables is therefore damaged, never new.
final class JournalFile {
  static final String NAME = "journal.sqlite";
  private static final String UNFINISHED = NAME + ".new";

  private JournalFile() {}

  static Path in(Path directory) {
    return directory.resolve(NAME);
  }

  /// @throws JournalDamaged when there are remains of a journal and no journal
  static void createIfMissing(Path file) {
    if (Files.exists(file)) {
      return;
    }
    List<String> remains = remains(file);
    if (!remains.isEmpty()) {
      throw new JournalDamaged(
          file.toString(),
          "offset 0",
          "it is missing, although there is " + String.join(", ", remains));
    }
    Path unfinished = file.resolveSibling(UNFINISHED);
    create(unfinished, new Tables.Head(Tables.FORMAT, new Epoch(0), 0, 0));
    moveIntoPlace(unfinished, file);
  }

  /// Makes a journal without events, in the place of whatever is there.
  static void create(Path file, Tables.Head head) {
    try {
      for (Path each : List.of(file, WriteAheadLog.of(file), sharedMemory(file))) {
        Files.deleteIfExists(each);
      }
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException problem) {
      throw new UncheckedIOException(file + " cannot be made", problem);
    }
    try (var database = SqliteDatabase.open(file)) {
      database.change(
          connection -> {
            Sqlite.mark(connection, Tables.FORMAT);
            Tables.create(connection, Dialect.SQLITE);
            Tables.insert(connection, head);
          });
    }
  }

  /// Gives a file that no one has open its final name, on the disk too.
  static void moveIntoPlace(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      synchronizeDirectory(to);
    } catch (IOException problem) {
      throw new UncheckedIOException(from + " cannot be renamed to " + to, problem);
    }
  }

  static void synchronizeDirectory(Path file) throws IOException {
    try (var directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  static Path sharedMemory(Path file) {
    return file.resolveSibling(file.getFileName() + "-shm");
  }

  /// What the bytes tell before SQLite reads them.
  ///
  /// @param damage what makes the journal unfit to be read
  /// @param warnings what is unusual and does no harm
  record Inspection(Optional<Damage> damage, List<String> warnings) {}

  /// @param alone whether no one writes to it; only then does the log hold still to be looked at
  /// @throws NewerFormat when a newer version wrote it
  static Inspection inspect(Path file, boolean alone) {
    try {
      DatabaseHeader header = DatabaseHeader.of(file);
      Optional<Damage> damage = header.damage();
      if (damage.isEmpty() && header.format() > Tables.FORMAT) {
        throw new NewerFormat(file.toString(), header.format());
      }
      WriteAheadLog.Finding log = alone ? WriteAheadLog.inspect(file) : WriteAheadLog.Finding.SOUND;
      return new Inspection(
          damage.or(log::damage),
          log.cutOff().stream()
              .map(
                  offset ->
                      WriteAheadLog.of(file).getFileName()
                          + " ends with a transaction that never ended, at offset "
                          + offset
                          + ": a crash interrupted it, and nothing in it had been acknowledged")
              .toList());
    } catch (IOException problem) {
      throw new UncheckedIOException(file + " cannot be read", problem);
    }
  }

  /// Files that were beside a journal and cannot be all there ever was.
  private static List<String> remains(Path file) {
    List<String> names = new ArrayList<>();
    try (Stream<Path> siblings = Files.list(file.toAbsolutePath().getParent())) {
      siblings
          .map(sibling -> sibling.getFileName().toString())
          .filter(name -> name.startsWith(NAME) && !name.startsWith(UNFINISHED))
          .sorted()
          .forEach(names::add);
    } catch (IOException problem) {
      throw new UncheckedIOException(file.getParent() + " cannot be listed", problem);
    }
    return names;
  }
}
