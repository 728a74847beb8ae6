package dev.slipway.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files of one fetch before they are moved into the sandbox. It lies beside the sandbox, on
/// the same file system, in a directory that only the platform can enter.
///
/// What archives ask for meets these rules:
/// - Nothing is written through a link: links are remembered and made last, and no path may lead
///   through one. The walk does not follow links in any case.
/// - A link is relative and has its `..` in front only, no more of them than its directory is deep.
///   It starts from a real directory, so it cannot climb out, not even by way of other links.
/// - A hard link becomes a copy of a file of the same fetch.
/// - A file may come twice, the last wins. Nothing else may: a path that is two things is refused.
/// - Of a mode, the bits for reading, writing and executing are kept, less writing by others; the
///   owner can always read and write.
///
/// For one thread.
final class StagingTree implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int OTHERS_MAY = 0755;
  private static final FileTime EARLIEST = FileTime.from(Instant.EPOCH);
  private static final FileTime LATEST = FileTime.from(Instant.parse("2262-01-01T00:00:00Z"));

  private static final List<PosixFilePermission> PERMISSIONS_BY_BIT =
      List.of(
          PosixFilePermission.OTHERS_EXECUTE,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_READ);

  private enum Kind {
    DIRECTORY,
    FILE,
    LINK
  }

  private final Path root;
  private final OpenDirectory above;
  private final OpenDirectory top;
  private final Map<List<String>, Kind> kinds = new HashMap<>();
  private final Map<SandboxPath, String> links = new LinkedHashMap<>();
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /// The directory that was written to last, kept open: archives go directory by directory.
  private OpenDirectory current;

  private List<String> currentNames = List.of();

  private StagingTree(Path root, OpenDirectory above, OpenDirectory top) throws IOException {
    this.root = root;
    this.above = above;
    this.top = top;
    this.current = top.child(".");
  }

  /// A new tree called `name` in `directory`; leftovers of that name are removed.
  static StagingTree create(Path directory, String name) throws IOException {
    Path root = directory.resolve(name);
    OpenDirectory above = OpenDirectory.at(directory);
    try {
      above.delete(name);
      Files.createDirectory(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return new StagingTree(root, above, above.child(name));
    } catch (IOException | RuntimeException e) {
      above.close();
      throw e;
    }
  }

  OpenDirectory top() {
    return top;
  }

  void directory(SandboxPath path, int mode) throws IOException {
    OpenDirectory parent = openDirectoryOf(path);
    Kind kind = kinds.get(path.names());
    if (kind == null) {
      makeDirectory(path.names());
    } else if (kind != Kind.DIRECTORY) {
      throw twice(path);
    }
    parent.setMode(path.name(), permissions((mode & OTHERS_MAY) | 0700));
  }

  /// Writes a file to its end.
  void file(SandboxPath path, InputStream bytes, int mode, Optional<FileTime> modified)
      throws IOException {
    OpenDirectory parent = openDirectoryOf(path);
    Kind kind = kinds.put(path.names(), Kind.FILE);
    if (kind != null && kind != Kind.FILE) {
      throw twice(path);
    }
    try (OutputStream out = Channels.newOutputStream(parent.create(onDisk(path.name())))) {
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        write(out, read);
      }
    }
    parent.setMode(path.name(), permissions((mode & OTHERS_MAY) | 0600));
    if (modified.isPresent()
        && modified.get().compareTo(EARLIEST) >= 0
        && modified.get().compareTo(LATEST) <= 0) {
      parent.setModified(path.name(), modified.get());
    }
  }

  /// Tells a disk that takes no more from an archive that is broken.
  private void write(OutputStream out, int length) throws ArtifactProblem {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw new ArtifactProblem("it cannot be written to the sandbox's disk: " + e.getMessage());
    }
  }

  /// A file with the content of another one of this tree, in place of a hard link.
  void copy(SandboxPath source, SandboxPath path, int mode, ExtractionBudget budget)
      throws IOException {
    if (kinds.get(source.names()) != Kind.FILE || source.equals(path)) {
      throw new ArtifactProblem(
          "the hard link "
              + SandboxPath.quoted(path.toString())
              + " does not point to a file that came before it");
    }
    try (OpenDirectory directory = top.descendant(source.directory());
        InputStream bytes = Channels.newInputStream(directory.read(source.name()))) {
      file(path, budget.metered(bytes), mode, Optional.empty());
    }
  }

  /// A symbolic link, made when the tree is complete.
  void link(SandboxPath path, String target) throws IOException {
    String allowed = allowedTarget(path, target);
    openDirectoryOf(path);
    if (kinds.putIfAbsent(path.names(), Kind.LINK) != null) {
      throw twice(path);
    }
    links.put(path, allowed);
  }

  /// Makes the links; nothing can be added after it.
  void complete() throws IOException {
    for (Map.Entry<SandboxPath, String> link : links.entrySet()) {
      Files.createSymbolicLink(
          onDisk(link.getKey().names()), root.getFileSystem().getPath(link.getValue()));
    }
  }

  private static String allowedTarget(SandboxPath path, String target) throws ArtifactProblem {
    String refusal =
        "the link "
            + SandboxPath.quoted(path.toString())
            + " to "
            + SandboxPath.quoted(target)
            + " could lead out of the sandbox";
    if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0) {
      throw new ArtifactProblem(refusal);
    }
    int up = 0;
    boolean wentDown = false;
    for (String name : target.split("/")) {
      boolean climbs = name.equals("..");
      if (climbs && (wentDown || ++up > path.directory().size())) {
        throw new ArtifactProblem(refusal);
      }
      wentDown |= !climbs && !name.isEmpty() && !name.equals(".");
    }
    return target;
  }

  /// The directory in which a path lies, with all above it made as needed.
  private OpenDirectory openDirectoryOf(SandboxPath path) throws IOException {
    List<String> wanted = path.directory();
    for (int depth = 1; depth <= wanted.size(); depth++) {
      List<String> names = List.copyOf(wanted.subList(0, depth));
      Kind kind = kinds.get(names);
      if (kind == null) {
        makeDirectory(names);
      } else if (kind == Kind.LINK) {
        throw new ArtifactProblem(
            "the path " + SandboxPath.quoted(path.toString()) + " leads through a link");
      } else if (kind == Kind.FILE) {
        throw twice(new SandboxPath(names));
      }
    }
    if (!wanted.equals(currentNames)) {
      OpenDirectory next = top.descendant(wanted);
      current.close();
      current = next;
      currentNames = List.copyOf(wanted);
    }
    return current;
  }

  // By path, for lack of mkdirat in Java. Nobody but the platform can put a link into this tree,
  // and
  // had somebody, then the next step, which opens the directory without following links, would
  // fail.
  private void makeDirectory(List<String> names) throws IOException {
    Files.createDirectory(
        onDisk(names),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    kinds.put(List.copyOf(names), Kind.DIRECTORY);
  }

  private Path onDisk(List<String> names) throws ArtifactProblem {
    return root.resolve(onDisk(String.join("/", names)));
  }

  private static String onDisk(String name) throws ArtifactProblem {
    try {
      return Path.of(name).toString();
    } catch (InvalidPathException e) {
      throw new ArtifactProblem(
          "the name "
              + SandboxPath.quoted(name)
              + " cannot be written in the character set of the platform's locale");
    }
  }

  private static ArtifactProblem twice(SandboxPath path) {
    return new ArtifactProblem(
        "the path " + SandboxPath.quoted(path.toString()) + " comes twice, as different things");
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < PERMISSIONS_BY_BIT.size(); bit++) {
      if ((mode >> bit & 1) == 1) {
        permissions.add(PERMISSIONS_BY_BIT.get(bit));
      }
    }
    return permissions;
  }

  /// Removes what was not moved away.
  @Override
  public void close() throws IOException {
    current.close();
    top.close();
    try (above) {
      if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
        above.delete(root.getFileName().toString());
      }
    }
  }
}
