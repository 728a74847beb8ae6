package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.SandboxProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A copy of one pod's log that grows with it, so that any part can be read again: the API server
/// gives a log from its start only.
///
/// What was written before is fetched at once, what comes later is taken by a thread of its own;
/// any thread may read. The API does not say when all that was written so far has come: a copy
/// counts as up to date once nothing came for a moment.
final class PodLog implements AutoCloseable {
  /// What is kept of one log. Nodes turn logs over long before (10 MiB, as kubelets do it), so that
  /// only a task that writes all the time while somebody reads comes so far; what it writes then is
  /// not shown until its log is opened anew.
  static final long LARGEST = 64L * 1024 * 1024;

  private static final Duration QUIET = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int CHUNK = 64 * 1024;

  private final FileChannel file;
  private final long opened = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long size;
  private long grown;
  private boolean over;
  private volatile long read = System.nanoTime();

  interface Source {
    /// The log from its start up to now.
    InputStream now() throws IOException;

    /// The same, and then each line that is written later, until the task ends.
    InputStream follow() throws IOException;
  }

  private PodLog(FileChannel file) {
    this.file = file;
  }

  /// Copies what is there, and begins to follow.
  ///
  /// @param directory where the copy is kept while it is needed; nobody else can read it
  /// @param grows whether there may be more to come
  /// @throws IOException when the log cannot be had
  static PodLog open(Path directory, String name, Source source, boolean grows) throws IOException {
    Path path = Files.createTempFile(directory, name + "-", ".log");
    FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    var log = new PodLog(file);
    try (InputStream input = source.now()) {
      log.copy(input);
      log.check(grows);
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
    if (grows) {
      Thread.ofVirtual().name("pod-log-" + name).start(() -> log.follow(source));
    } else {
      log.over = true;
    }
    return log;
  }

  /// @throws SandboxProblem when what came is no log
  private void check(boolean grows) throws IOException {
    if (isLost()) {
      throw new SandboxProblem(
          SandboxProblem.Kind.MISSING,
          grows
              ? "there is no log: the node of the task has none of it yet, or removed it"
              : "the log is gone: the node of the task has removed it");
    }
  }

  private boolean isLost() throws IOException {
    return size() <= LostLog.LONGEST
        && LostLog.is(new String(read(0, LostLog.LONGEST), StandardCharsets.UTF_8));
  }

  private void follow(Source source) {
    try (InputStream input = source.follow()) {
      // It begins at the start again.
      input.skipNBytes(size());
      copy(input);
      if (isLost()) {
        change(() -> size = 0);
      }
    } catch (IOException | RuntimeException broken) {
      // Whoever reads next opens the log anew.
      return;
    } finally {
      change(() -> over = true);
    }
  }

  private void copy(InputStream input) throws IOException {
    byte[] bytes = new byte[CHUNK];
    int count = input.read(bytes);
    while (count >= 0 && size() + count <= LARGEST) {
      append(ByteBuffer.wrap(bytes, 0, count));
      count = input.read(bytes);
    }
  }

  private void append(ByteBuffer bytes) throws IOException {
    long at = size();
    int count = bytes.remaining();
    while (bytes.hasRemaining()) {
      file.write(bytes, at + count - bytes.remaining());
    }
    change(() -> size = at + count);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      grown = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Bytes that are there now.
  long size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /// Whether nothing more comes: the task ended, or the connection did.
  boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  Duration sinceLastRead() {
    return Duration.ofNanos(System.nanoTime() - read);
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - opened);
  }

  /// Waits for anything at all to come, and no longer than that.
  void awaitFirst(Duration longest) {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (size == 0 && !over && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until all is there that was written before, as far as can be told.
  void catchUp() throws IOException {
    read = System.nanoTime();
    lock.lock();
    try {
      grown = System.nanoTime();
      long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
      while (!isCaughtUp() && System.nanoTime() < deadline) {
        changed.awaitNanos(QUIET.toNanos());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the log was read", stop);
    } finally {
      lock.unlock();
    }
  }

  private boolean isCaughtUp() {
    return over || System.nanoTime() - grown >= QUIET.toNanos();
  }

  /// At most `length` bytes from `offset` of what is there.
  byte[] read(long offset, int length) throws IOException {
    int count = Math.clamp(size() - offset, 0, length);
    ByteBuffer bytes = ByteBuffer.allocate(count);
    int got = 0;
    while (bytes.hasRemaining() && got >= 0) {
      got = file.read(bytes, offset + bytes.position());
    }
    return bytes.array();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException ignored) {
      // It held a copy that nobody needs any more.
    }
  }
}
