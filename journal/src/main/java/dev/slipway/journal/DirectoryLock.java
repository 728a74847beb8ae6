package dev.slipway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The right to work on a data directory, held by at most one process of the machine. The kernel
/// gives it back when the process ends in whatever way, so a lock file that is left over means
/// nothing.
///
/// The lock is one of `fcntl`, which a process loses as soon as it closes any handle of the file:
/// a directory that this process holds is therefore never opened a second time.
public final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "lock";
  private static final int MAX_HOLDER_BYTES = 300;
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// Takes the directory, which is made, for its owner alone, where it does not exist.
  ///
  /// @throws DirectoryInUse when a process has it; the message names it
  /// @throws UncheckedIOException when the directory or the file in it cannot be made
  public static DirectoryLock acquire(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path real = directory.toRealPath();
      if (!HELD.add(real)) {
        throw new DirectoryInUse(directory, "this process, " + self());
      }
      return locked(directory, real);
    } catch (IOException problem) {
      throw new UncheckedIOException(
          "the data directory " + directory + " cannot be used", problem);
    }
  }

  private static DirectoryLock locked(Path directory, Path real) throws IOException {
    boolean taken = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              real.resolve(FILE),
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (channel.tryLock() == null) {
        throw new DirectoryInUse(directory, holder(channel));
      }
      write(channel, self() + "\n");
      taken = true;
      return new DirectoryLock(real, channel);
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        HELD.remove(real);
      }
    }
  }

  /// The directory, without links in its path.
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException problem) {
      throw new UncheckedIOException("the lock of " + directory + " cannot be closed", problem);
    } finally {
      HELD.remove(directory);
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    var buffer = ByteBuffer.allocate(MAX_HOLDER_BYTES);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "another process" : text;
  }

  /// The old holder's line is overwritten before the rest is cut off, so that a full disk leaves
  /// one.
  private static void write(FileChannel channel, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    int length = bytes.remaining();
    channel.write(bytes, 0);
    channel.truncate(length);
  }

  private static String self() {
    return "process " + ProcessHandle.current().pid() + " on " + hostname();
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException problem) {
      return "this machine"; // A machine whose name does not resolve still has a lock to tell of.
    }
  }
}
