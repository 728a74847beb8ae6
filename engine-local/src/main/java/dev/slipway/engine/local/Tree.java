package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Walks over directory trees that others may change meanwhile: every step goes from an open
/// directory to one name in it and follows no link, so a directory swapped for a link leads
/// nowhere.
final class Tree {
  /// Deeper directories are not entered at once, since each level holds a file descriptor.
  private static final int MAX_DEPTH = 64;

  /// Entries that one measurement looks at; what is larger counts with what was seen.
  private static final int MAX_ENTRIES = 200_000;

  private Tree() {}

  /// Removes a tree. Directories below [#MAX_DEPTH] are moved up and removed in turn.
  static void delete(Path root) throws IOException {
    Path parent = Objects.requireNonNull(root.toAbsolutePath().getParent());
    Path name = Objects.requireNonNull(root.getFileName());
    try (var parents = open(parent)) {
      BasicFileAttributes attributes = attributes(parents, name);
      if (!attributes.isDirectory()) {
        parents.deleteFile(name);
        return;
      }
      boolean done = false;
      while (!done) {
        try (var top = parents.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          done = empty(top, top, 1);
        }
      }
      parents.deleteDirectory(name);
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  /// @return false when something deep was moved to the top and is still there
  private static boolean empty(
      SecureDirectoryStream<Path> directory, SecureDirectoryStream<Path> top, int depth)
      throws IOException {
    boolean done = true;
    for (Path name : names(directory)) {
      if (!attributes(directory, name).isDirectory()) {
        directory.deleteFile(name);
        continue;
      }
      if (depth >= MAX_DEPTH) {
        directory.move(name, top, Path.of("deep-" + java.util.UUID.randomUUID()));
        done = false;
        continue;
      }
      try (var below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        done &= empty(below, top, depth + 1);
      }
      if (done) {
        directory.deleteDirectory(name);
      } else {
        deleteIfEmpty(directory, name);
      }
    }
    return done;
  }

  private static void deleteIfEmpty(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    try {
      directory.deleteDirectory(name);
    } catch (java.nio.file.DirectoryNotEmptyException later) {
      return;
    }
  }

  /// The sizes of all files of a tree together, in bytes. What vanishes while it is read counts
  /// nothing; holes count as if they were filled.
  static long bytes(Path root) {
    var measure = new Measure();
    try (var top = open(root)) {
      measure.add(top, 1);
    } catch (IOException | DirectoryIteratorException gone) {
      return measure.bytes;
    }
    return measure.bytes;
  }

  private static final class Measure {
    private long bytes;
    private int entries;

    void add(SecureDirectoryStream<Path> directory, int depth) {
      for (Path name : names(directory)) {
        if (entries++ >= MAX_ENTRIES) {
          return;
        }
        try {
          BasicFileAttributes attributes = attributes(directory, name);
          bytes += attributes.size();
          if (attributes.isDirectory() && depth < MAX_DEPTH) {
            try (var below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
              add(below, depth + 1);
            }
          }
        } catch (IOException vanished) {
          // What is gone counts nothing.
        }
      }
    }
  }

  /// Opens a directory whose own place cannot be changed by others. The caller closes it.
  @SuppressWarnings("StreamResourceLeak")
  static SecureDirectoryStream<Path> open(Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this file system cannot be walked safely");
  }

  static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    return directory
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /// The names in a directory, each a single path element.
  static List<Path> names(SecureDirectoryStream<Path> directory) {
    List<Path> names = new ArrayList<>();
    for (Path entry : directory) {
      Optional.ofNullable(entry.getFileName()).ifPresent(names::add);
    }
    return names;
  }
}
