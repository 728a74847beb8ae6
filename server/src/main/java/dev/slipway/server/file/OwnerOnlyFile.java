package dev.slipway.server.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A small file that nobody but its owner may read, and that is never seen half written: what is to
/// stand there is written beside it and renamed into its place, both on the disk, so that after a
/// crash the file is the old one or the new one.
///
/// Whoever writes sees to it that nobody else does at the same time.
public final class OwnerOnlyFile {
  private OwnerOnlyFile() {}

  /// Puts these bytes in the place of the file, or makes it.
  ///
  /// @throws IOException when the disk does not take them; the file is as it was
  public static void write(Path file, byte[] content) throws IOException {
    Path fresh = unfinished(file);
    Files.deleteIfExists(fresh);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), ownerOnly)) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (var directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  /// What a crash while writing leaves behind.
  public static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }
}
