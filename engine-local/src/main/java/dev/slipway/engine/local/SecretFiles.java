package dev.slipway.engine.local;

import dev.slipway.core.engine.SecretValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
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

  private final Path root;
  private final ReentrantLock lock = new ReentrantLock();

  private SecretFiles(Path root) {
    this.root = root;
  }

  /// @param engine whose directory tells it from other engines of this machine
  static SecretFiles of(EngineDirectory engine) {
    String name = "slipway-" + EngineDirectory.sha256(engine.root().toString()).substring(0, 12);
    if (isMemory()) {
      return new SecretFiles(MEMORY.resolve(name));
    }
    log.warn("engine.secrets.on.disk cause=\"{} is not in memory\"", MEMORY);
    return new SecretFiles(engine.root().resolve("secrets"));
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
      claimRoot();
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

  /// Others may write to the directory above, so it counts only as ours when it is our own.
  private void claimRoot() throws IOException {
    EngineDirectory.createWalkable(root);
    boolean ours =
        Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)
            && (int) Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                == Accounts.self().uid();
    if (!ours) {
      throw new IOException(root + " belongs to somebody else");
    }
  }

  /// Removes all files of a task, and with the last one's the directory of them all. Idempotent.
  void remove(TaskDirectory task) {
    lock.lock();
    try {
      removeQuietly(directory(task));
      Files.deleteIfExists(root);
    } catch (IOException othersAreThere) {
      return;
    } finally {
      lock.unlock();
    }
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
    if (alive.isEmpty()) {
      removeQuietly(root);
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
