package dev.slipway.artifacts;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// A directory of ours, readable by nobody else, in which a file is either wholly there or not at
/// all, also after a power cut: files are written beside, made durable, and renamed.
final class DurableDirectory {
  private static final FileAttribute<?> OURS_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> DIRECTORY_OURS_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;
  private final AtomicLong temporary = new AtomicLong();

  private DurableDirectory(Path directory) {
    this.directory = directory;
  }

  static DurableDirectory at(Path directory) throws IOException {
    Files.createDirectories(directory, DIRECTORY_OURS_ALONE);
    return new DurableDirectory(directory);
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /// A new file with a name of its own, for bytes that are on their way.
  Path newFile() throws IOException {
    while (true) {
      Path file = directory.resolve("incoming-" + temporary.incrementAndGet());
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return Files.createFile(file, OURS_ALONE);
      }
    }
  }

  /// The regular files in it, in no order.
  List<Path> files() throws IOException {
    try (var entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Removes all files, which a crash has left behind.
  void clear() throws IOException {
    for (Path file : files()) {
      Files.deleteIfExists(file);
    }
  }

  /// Makes a file's bytes durable, which may take seconds.
  static void force(Path file) throws IOException {
    try (var channel = FileChannel.open(file, WRITE)) {
      channel.force(true);
    }
  }

  /// Gives a finished file its name here, in place of one that had it, when its bytes are durable.
  void take(Path finished, String name) throws IOException {
    force(finished);
    Files.move(finished, directory.resolve(name), ATOMIC_MOVE);
    sync();
  }

  /// Writes a small file, in place of one that had its name.
  void write(String name, String text) throws IOException {
    // The name of a file on its way starts with a dot, which no name in the store does.
    Path beside = directory.resolve(".new-" + name);
    Files.deleteIfExists(beside);
    try {
      try (var channel = FileChannel.open(beside, Set.of(CREATE_NEW, WRITE), OURS_ALONE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      take(beside, name);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  void remove(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
    sync();
  }

  /// Makes the names in the directory durable.
  private void sync() throws IOException {
    try (var channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }
}
