package dev.slipway.artifacts;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A directory held open, in which names are looked up one at a time and never through a link. Who
/// walks from one to the next cannot be led astray by links, even ones that appear on the way:
/// several names in one path would be resolved by the kernel, which follows `..` and links.
///
/// For one thread.
final class OpenDirectory implements AutoCloseable {
  /// Deeper trees are not removed: they are none that this module made.
  private static final int DEEPEST = 256;

  private final SecureDirectoryStream<Path> stream;

  private OpenDirectory(SecureDirectoryStream<Path> stream) {
    this.stream = stream;
  }

  /// Opens a directory by a path that is trusted up to its last name.
  static OpenDirectory at(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      return new OpenDirectory(secure(absolute));
    }
    try (var above = secure(parent)) {
      return new OpenDirectory(above.newDirectoryStream(absolute.getFileName(), NOFOLLOW_LINKS));
    }
  }

  // The caller closes what it is given.
  @SuppressWarnings("StreamResourceLeak")
  private static SecureDirectoryStream<Path> secure(Path path) throws IOException {
    var stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("the file system of " + path + " has no openat(2)");
  }

  OpenDirectory child(String name) throws IOException {
    return new OpenDirectory(stream.newDirectoryStream(Path.of(name), NOFOLLOW_LINKS));
  }

  /// Goes down several names.
  OpenDirectory descendant(List<String> names) throws IOException {
    OpenDirectory here = child(".");
    for (String name : names) {
      try (OpenDirectory above = here) {
        here = above.child(name);
      }
    }
    return here;
  }

  /// What is there under a name; a link is a link.
  Optional<BasicFileAttributes> look(String name) throws IOException {
    try {
      return Optional.of(
          stream
              .getFileAttributeView(Path.of(name), BasicFileAttributeView.class, NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// A file to write, empty; one that is there is emptied.
  SeekableByteChannel create(String name) throws IOException {
    return stream.newByteChannel(
        Path.of(name),
        Set.of(CREATE, WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
  }

  /// A regular file to read. A FIFO or a device is not opened, since that alone may block.
  SeekableByteChannel read(String name) throws IOException {
    if (!look(name).map(BasicFileAttributes::isRegularFile).orElse(false)) {
      throw new ArtifactProblem(SandboxPath.quoted(name) + " is not a regular file");
    }
    return stream.newByteChannel(Path.of(name), Set.of(READ, NOFOLLOW_LINKS));
  }

  void setMode(String name, Set<PosixFilePermission> permissions) throws IOException {
    stream
        .getFileAttributeView(Path.of(name), PosixFileAttributeView.class, NOFOLLOW_LINKS)
        .setPermissions(permissions);
  }

  void setModified(String name, FileTime time) throws IOException {
    stream
        .getFileAttributeView(Path.of(name), BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(time, null, null);
  }

  /// Renames into another directory, in place of a file or link there.
  void move(String name, OpenDirectory target) throws IOException {
    stream.move(Path.of(name), target.stream, Path.of(name));
  }

  List<String> names() throws IOException {
    var names = new ArrayList<String>();
    try (var entries = stream.newDirectoryStream(Path.of("."), NOFOLLOW_LINKS)) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /// Removes a file, a link, or a directory with all below it; nothing there is fine.
  void delete(String name) throws IOException {
    delete(name, DEEPEST);
  }

  private void delete(String name, int depth) throws IOException {
    if (depth == 0) {
      throw new IOException("directories nest more than " + DEEPEST + " deep");
    }
    Optional<BasicFileAttributes> found = look(name);
    if (found.isEmpty()) {
      return;
    }
    if (!found.get().isDirectory()) {
      stream.deleteFile(Path.of(name));
      return;
    }
    try (OpenDirectory directory = child(name)) {
      for (String below : directory.names()) {
        directory.delete(below, depth - 1);
      }
    }
    stream.deleteDirectory(Path.of(name));
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
