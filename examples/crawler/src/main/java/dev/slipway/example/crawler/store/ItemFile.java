package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Wire;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The harvest: `items.jsonl`, one item a line, each link once, in the order of discovery.
///
/// Made anew from the crawl's log when the store starts, so that a crash between the two files
/// leaves no gap and no double; then each batch is appended by one write of whole lines. Safe for
/// all threads.
final class ItemFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final List<Item> items;

  private ItemFile(Path file, FileChannel channel, List<Item> items) {
    this.file = file;
    this.channel = channel;
    this.items = items;
  }

  static ItemFile create(Path directory, List<Item> items) {
    Path file = directory.resolve("items.jsonl");
    Path fresh = directory.resolve("items.jsonl.new");
    try {
      try (BufferedWriter writer = Files.newBufferedWriter(fresh)) {
        for (Item item : items) {
          writer.write(Wire.write(item) + "\n");
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      return new ItemFile(file, channel, new ArrayList<>(items));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  synchronized void append(List<Item> more) {
    if (more.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    more.forEach(item -> lines.append(Wire.write(item)).append('\n'));
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    items.addAll(more);
  }

  synchronized int size() {
    return items.size();
  }

  /// Items, the newest first.
  synchronized List<Item> newest(int skip, int limit) {
    int from = Math.max(0, items.size() - skip - limit);
    int to = Math.max(0, items.size() - skip);
    return List.copyOf(items.subList(from, to).reversed());
  }

  Path file() {
    return file;
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + file, e);
    }
  }
}
