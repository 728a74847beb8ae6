package dev.slipway.engine.local;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.SandboxProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// A sandbox looked at while its task may change it in any way: every path is walked from open
/// directory to open directory, one name at a time, following no link, and only regular files are
/// read.
final class LocalSandbox implements Sandbox {
  /// Names in one path.
  private static final int DEEPEST = 64;

  private static final int LONGEST_PATH = 4096;
  private static final int MOST_ENTRIES = 100_000;
  private static final int LARGEST_READ = 16 << 20;

  private final Path root;

  LocalSandbox(Path root) {
    this.root = root;
  }

  /// What is done with the directory that holds the last name of a path.
  private interface Step<T> {
    T apply(SecureDirectoryStream<Path> directory) throws IOException;
  }

  @Override
  public List<Entry> list(String path) throws IOException {
    List<String> names = names(path);
    return within(path, names, directory -> entries(directory, prefix(names)));
  }

  @Override
  public long size(String path) throws IOException {
    List<String> names = names(path);
    return within(
        path, parents(path, names), directory -> regular(directory, last(names), path).size());
  }

  @Override
  public byte[] read(String path, long offset, int length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new SandboxProblem(SandboxProblem.Kind.REFUSED, "offset and length are not negative");
    }
    try (SeekableByteChannel channel = channel(path)) {
      long available = Math.max(0, channel.size() - offset);
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(Math.min(length, LARGEST_READ), available));
      channel.position(offset);
      int count = 0;
      while (bytes.hasRemaining() && count >= 0) {
        count = channel.read(bytes);
      }
      byte[] read = new byte[bytes.position()];
      bytes.flip().get(read);
      return read;
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    return Channels.newInputStream(channel(path));
  }

  private SeekableByteChannel channel(String path) throws IOException {
    List<String> names = names(path);
    return within(
        path,
        parents(path, names),
        directory -> {
          Path name = last(names);
          Object seen = key(regular(directory, name, path));
          SeekableByteChannel channel =
              directory.newByteChannel(
                  name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
          // Between the two steps the name may have become another file's.
          if (!seen.equals(key(regular(directory, name, path)))) {
            channel.close();
            throw new SandboxProblem(
                SandboxProblem.Kind.REFUSED, "'" + path + "' changes while it is read");
          }
          return channel;
        });
  }

  private static Object key(BasicFileAttributes attributes) {
    return String.valueOf(attributes.fileKey());
  }

  private static BasicFileAttributes regular(
      SecureDirectoryStream<Path> directory, Path name, String path) throws IOException {
    BasicFileAttributes attributes = Tree.attributes(directory, name);
    if (attributes.isSymbolicLink()) {
      throw new SandboxProblem(SandboxProblem.Kind.REFUSED, "'" + path + "' is a link");
    }
    if (!attributes.isRegularFile()) {
      throw new SandboxProblem(SandboxProblem.Kind.NOT_A_FILE, "'" + path + "' is not a file");
    }
    return attributes;
  }

  /// Walks to a directory and hands it over; every directory on the way is closed again.
  private <T> T within(String path, List<String> names, Step<T> step) throws IOException {
    List<SecureDirectoryStream<Path>> opened = new ArrayList<>();
    try {
      SecureDirectoryStream<Path> directory = Tree.open(parentOf(root));
      opened.add(directory);
      directory = directory.newDirectoryStream(root.getFileName(), LinkOption.NOFOLLOW_LINKS);
      opened.add(directory);
      for (String name : names) {
        if (Tree.attributes(directory, Path.of(name)).isSymbolicLink()) {
          throw new SandboxProblem(SandboxProblem.Kind.REFUSED, "'" + path + "' leads over a link");
        }
        directory = directory.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS);
        opened.add(directory);
      }
      return step.apply(directory);
    } catch (IOException e) {
      throw told(path, e);
    } finally {
      for (SecureDirectoryStream<Path> stream : opened.reversed()) {
        stream.close();
      }
    }
  }

  private static Path parentOf(Path path) {
    return java.util.Objects.requireNonNull(path.getParent());
  }

  private static IOException told(String path, IOException problem) {
    return switch (problem) {
      case SandboxProblem known -> known;
      case NoSuchFileException missing ->
          new SandboxProblem(SandboxProblem.Kind.MISSING, "there is no '" + path + "'");
      case NotDirectoryException file ->
          new SandboxProblem(
              SandboxProblem.Kind.NOT_A_DIRECTORY, "'" + path + "' is not a directory");
      case FileSystemLoopException link ->
          new SandboxProblem(SandboxProblem.Kind.REFUSED, "'" + path + "' leads over a link");
      case FileSystemException other -> refusedOr(path, other);
      default -> problem;
    };
  }

  /// A link met where none is followed is told by the system as "too many levels".
  private static IOException refusedOr(String path, FileSystemException problem) {
    String reason = String.valueOf(problem.getReason());
    if (reason.contains("symbolic links")) {
      return new SandboxProblem(SandboxProblem.Kind.REFUSED, "'" + path + "' leads over a link");
    }
    if (reason.contains("Not a directory")) {
      return new SandboxProblem(
          SandboxProblem.Kind.NOT_A_DIRECTORY, "'" + path + "' is not a directory");
    }
    return problem;
  }

  private static List<Entry> entries(SecureDirectoryStream<Path> directory, String prefix)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path name : Tree.names(directory)) {
      if (entries.size() == MOST_ENTRIES) {
        throw new SandboxProblem(
            SandboxProblem.Kind.REFUSED,
            "the directory has more than " + MOST_ENTRIES + " entries");
      }
      try {
        entries.add(entry(directory, name, prefix));
      } catch (NoSuchFileException vanished) {
        // It is not there any more, so it is not told.
      }
    }
    entries.sort(Comparator.comparing(Entry::path));
    return entries;
  }

  private static Entry entry(SecureDirectoryStream<Path> directory, Path name, String prefix)
      throws IOException {
    PosixFileAttributes attributes =
        directory
            .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    return new Entry(
        prefix + name,
        kind(attributes) + PosixFilePermissions.toString(attributes.permissions()),
        attributes.size(),
        attributes.lastModifiedTime().toInstant(),
        attributes.owner().getName(),
        attributes.group().getName(),
        1);
  }

  private static char kind(PosixFileAttributes attributes) {
    if (attributes.isDirectory()) {
      return 'd';
    }
    if (attributes.isSymbolicLink()) {
      return 'l';
    }
    if (attributes.isRegularFile()) {
      return '-';
    }
    return '?';
  }

  /// The names of a path, none for the sandbox itself. A slash at either end is passed over.
  private static List<String> names(String path) throws SandboxProblem {
    if (path.indexOf('\0') >= 0 || path.length() > LONGEST_PATH) {
      throw new SandboxProblem(SandboxProblem.Kind.REFUSED, "this is not a path");
    }
    if (path.startsWith("/")) {
      throw new SandboxProblem(
          SandboxProblem.Kind.REFUSED, "'" + path + "' is absolute; paths begin at the sandbox");
    }
    if (path.isEmpty() || path.equals(".")) {
      return List.of();
    }
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<String> names = List.of(trimmed.split("/", -1));
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw new SandboxProblem(
            SandboxProblem.Kind.REFUSED, "'" + path + "' is not a plain path below the sandbox");
      }
    }
    if (names.size() > DEEPEST) {
      throw new SandboxProblem(SandboxProblem.Kind.REFUSED, "the path is too deep");
    }
    return names;
  }

  private static List<String> parents(String path, List<String> names) throws SandboxProblem {
    if (names.isEmpty()) {
      throw new SandboxProblem(SandboxProblem.Kind.NOT_A_FILE, "'" + path + "' is not a file");
    }
    return names.subList(0, names.size() - 1);
  }

  private static Path last(List<String> names) {
    return Path.of(names.getLast());
  }

  private static String prefix(List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    return String.join("/", names) + "/";
  }

  /// Whether there is a sandbox to look at.
  boolean exists() {
    return Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS);
  }
}
