package dev.slipway.engine.local;

import dev.slipway.core.engine.SecretValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files that hold secrets of tasks, outside their sandboxes: a sandbox is browsed, kept and
/// measured. They lie in memory (`/dev/shm`); only where that is no file system in memory, or is
/// full, on the disk below the engine's directory. Each is readable by its task's account alone and
/// gone with the task.
final class SecretFiles {
  private static final Logger log = LoggerFactory.getLogger(SecretFiles.class);
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String NAME = "name";

  private final Path root;
  private final ReentrantLock lock = new ReentrantLock();

  private SecretFiles(Path root) {
    this.root = root;
  }

  /// Takes a directory for the files, and keeps it: a name that was free for a moment could be
  /// taken by any task that sees `/dev/shm`.
  ///
  /// @param engine whose directory tells it from other engines of this machine, and keeps which
  ///     name was taken
  static SecretFiles of(EngineDirectory engine) throws IOException {
    if (isMemory()) {
      return new SecretFiles(inMemory(engine));
    }
    log.warn("engine.secrets.on.disk cause=\"{} is not in memory\"", MEMORY);
    return new SecretFiles(engine.root().resolve("secrets"));
  }

  private static Path inMemory(EngineDirectory engine) throws IOException {
    String name = "slipway-" + EngineDirectory.sha256(engine.root().toString()).substring(0, 12);
    Optional<RecordFile.Content> record = RecordFile.read(engine.secretPlace());
    if (record.isPresent()) {
      Path kept = MEMORY.resolve(record.get().required(NAME));
      if (claim(kept)) {
        return kept;
      }
    }
    Path first = MEMORY.resolve(name);
    if (claim(first)) {
      return first;
    }
    Path other = MEMORY.resolve(name + "-" + UUID.randomUUID());
    log.warn("engine.secrets.place.taken path={} instead={}", first, other);
    // Kept first, so that what a crash leaves there is found again.
    var lines = new RecordFile.Lines().add(NAME, String.valueOf(other.getFileName()));
    RecordFile.write(engine.secretPlace(), lines.content());
    if (!claim(other)) {
      throw new IOException(other + " belongs to somebody else");
    }
    return other;
  }

  /// Makes a directory where others may make some, too, unless there is one of our own.
  ///
  /// @return false when the name belongs to somebody else
  private static boolean claim(Path root) throws IOException {
    try {
      Files.createDirectory(root);
      EngineDirectory.makeWalkable(root);
      return true;
    } catch (FileAlreadyExistsException there) {
      return Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)
          && (int) Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS)
              == Accounts.self().uid();
    }
  }

  private static boolean isMemory() {
    try {
      return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).type().equals("tmpfs");
    } catch (IOException unknown) {
      return false;
    }
  }

  /// Writes one file of a task.
  ///
  /// @param number tells the files of a task apart
  Path write(TaskDirectory task, int number, SecretValue value, Account account)
      throws IOException {
    Path directory = directory(task);
    lock.lock();
    try {
      // Nobody else may remove it where it lies; only an operator could have.
      if (!claim(root)) {
        throw new IOException(root + " belongs to somebody else");
      }
      EngineDirectory.createWalkable(directory);
    } finally {
      lock.unlock();
    }
    Path file = directory.resolve(Integer.toString(number));
    Files.deleteIfExists(file);
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(value.bytes());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    SandboxOwner.own(file, account);
    return file;
  }

  /// Removes all files of a task. Idempotent.
  void remove(TaskDirectory task) {
    removeQuietly(directory(task));
  }

  /// Removes what belongs to no task any more.
  ///
  /// @param alive the names of the directories of tasks that are not over
  void keepOnly(Set<String> alive) throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (!alive.contains(String.valueOf(entry.getFileName()))) {
          removeQuietly(entry);
        }
      }
    }
  }

  /// The engine ends: without tasks that run on with secrets, nothing of it stays in memory.
  void close() {
    try {
      Files.deleteIfExists(root);
    } catch (DirectoryNotEmptyException inUse) {
      return;
    } catch (IOException problem) {
      log.warn("engine.secrets.left path={} cause=\"{}\"", root, problem.toString());
    }
  }

  private static void removeQuietly(Path path) {
    try {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        Tree.delete(path);
      }
    } catch (IOException problem) {
      log.warn("task.secrets.left path={} cause=\"{}\"", path, problem.toString());
    }
  }

  private Path directory(TaskDirectory task) {
    return root.resolve(task.name());
  }
}
