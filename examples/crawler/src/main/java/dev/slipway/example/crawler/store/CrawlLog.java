package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.message.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The events of a crawl on disk: `crawl.log`, JSON, one event a line, after a line that names the
/// format.
///
/// Appended and forced before anything that follows from the events is done, so what the workers
/// were told is never ahead of it. A last line without its end was torn by a crash and never acted
/// on; it is cut off. Any other broken line is an error that names it. Owned by one thread; locked
/// against a second process.
final class CrawlLog implements AutoCloseable {
  private static final String HEADER = "{\"format\":\"slipway-example-crawl\",\"version\":1}";

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private CrawlLog(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /// Opens or begins the log of a directory.
  ///
  /// @throws UncheckedIOException if it cannot be read or written, or another process has it
  static CrawlLog open(Path directory) {
    Path file = directory.resolve("crawl.log");
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = lock(channel);
      if (lock == null) {
        channel.close();
        throw new IOException("another store writes " + file);
      }
      CrawlLog log = new CrawlLog(file, channel, lock);
      log.cutTornLine();
      if (channel.size() == 0) {
        log.write(HEADER + "\n");
      }
      channel.position(channel.size());
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the crawl's log", e);
    }
  }

  /// Tells all events of before.
  void replay(Consumer<CrawlEvent> consumer) {
    int line = 1;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      if (!HEADER.equals(lines.readLine())) {
        throw new IOException(file + " is not the log of a crawl");
      }
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        line++;
        consumer.accept(Wire.read(text, CrawlEvent.class));
      }
    } catch (Wire.MalformedMessage e) {
      throw new UncheckedIOException(
          "cannot go on", new IOException(file + " is damaged in line " + line, e));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the crawl's log", e);
    }
  }

  /// Appends events so that they are there after any crash.
  void append(List<? extends CrawlEvent> events) {
    StringBuilder lines = new StringBuilder();
    for (CrawlEvent event : events) {
      lines.append(Wire.write(event)).append('\n');
    }
    try {
      write(lines.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the crawl's log", e);
    }
  }

  @Override
  public void close() {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the crawl's log", e);
    }
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
  }

  private void cutTornLine() throws IOException {
    long end = channel.size();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (end > 0) {
      one.clear();
      channel.read(one, end - 1);
      if (one.get(0) == '\n') {
        break;
      }
      end--;
    }
    channel.truncate(end);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }
}
