package dev.slipway.cli.task;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A process's turn with a cache directory that several processes share.
///
/// The kernel ends the turn of a process that is killed, and what it left half done is removed by
/// whoever comes next.
final class CacheTurn implements AutoCloseable {
  static final String FILE = "lock";

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final FileChannel channel;
  private final Optional<FileLock> lock;

  private CacheTurn(FileChannel channel, Optional<FileLock> lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /// Waits for the turn, but no longer than `patience`.
  static CacheTurn await(Path directory, Duration patience)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    FileChannel channel = FileChannel.open(directory.resolve(FILE), CREATE, WRITE);
    try {
      Optional<FileLock> lock = attempt(channel);
      while (lock.isEmpty() && System.nanoTime() - deadline < 0) {
        // A lock that is waited for by the kernel cannot be given up.
        Thread.sleep(LOOK_AGAIN);
        lock = attempt(channel);
      }
      return new CacheTurn(channel, lock);
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Optional<FileLock> attempt(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException sameProcess) {
      return Optional.empty();
    }
  }

  /// Whether it is our turn; if not, the wait was too long.
  boolean ours() {
    return lock.isPresent();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
