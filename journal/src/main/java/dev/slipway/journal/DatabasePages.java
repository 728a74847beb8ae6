package dev.slipway.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows that can be found in a database file without believing anything it says about itself:
/// every page is looked at, and whatever on it has the form of a row is given out. Whether it is
/// one, the row's own checksum tells.
///
/// The layout is that of sections 1.6, 2 and 4 of https://www.sqlite.org/fileformat2.html.
final class DatabasePages implements AutoCloseable {
  private static final int TABLE_LEAF = 0x0d;
  private static final int USABLE = Sqlite.PAGE_BYTES;
  private static final int MAX_LOCAL = USABLE - 35;
  private static final int MIN_LOCAL = (USABLE - 12) * 32 / 255 - 23;
  private static final int MAX_ROW_BYTES = SqlJournal.MAX_EVENT_BYTES + 4096;
  private static final int MAX_COLUMNS = 16;

  /// More than a log grows to; rows longer than both files are not believed.
  private static final long PAGES_IN_LOG_BYTES = 64 << 20;

  private final FileChannel database;
  private final @Nullable FileChannel log;
  private final Map<Integer, Long> newest;

  private DatabasePages(
      FileChannel database, @Nullable FileChannel log, Map<Integer, Long> newest) {
    this.database = database;
    this.log = log;
    this.newest = newest;
  }

  static DatabasePages open(Path file) throws IOException {
    Map<Integer, Long> newest = WriteAheadLog.newestPages(file);
    FileChannel log =
        newest.isEmpty() ? null : FileChannel.open(WriteAheadLog.of(file), StandardOpenOption.READ);
    return new DatabasePages(FileChannel.open(file, StandardOpenOption.READ), log, newest);
  }

  /// A row: its number, and its columns, each a `Long`, a `byte[]` or null.
  record Row(long number, List<Optional<Object>> columns) {
    long whole(int column) {
      return columns.get(column).map(value -> value instanceof Long whole ? whole : 0L).orElse(0L);
    }

    byte[] bytes(int column) {
      return columns
          .get(column)
          .map(value -> value instanceof byte[] bytes ? bytes : new byte[0])
          .orElse(new byte[0]);
    }

    String text(int column) {
      return new String(bytes(column), StandardCharsets.UTF_8);
    }
  }

  interface RowReader {
    void read(Row row);
  }

  /// Gives out the rows of every page, and of what stood on a page before the log's newer image
  /// too.
  void scan(RowReader reader) throws IOException {
    long pages = database.size() / Sqlite.PAGE_BYTES;
    for (int number = 1; number <= pages; number++) {
      scan(number, page(database, (long) (number - 1) * Sqlite.PAGE_BYTES), reader);
    }
    for (int number : newest.keySet()) {
      scan(number, page(number), reader);
    }
  }

  private void scan(int number, ByteBuffer page, RowReader reader) throws IOException {
    int start = number == 1 ? DatabaseHeader.BYTES : 0;
    if (page.capacity() < Sqlite.PAGE_BYTES || page.get(start) != TABLE_LEAF) {
      return;
    }
    int cells = Short.toUnsignedInt(page.getShort(start + 3));
    for (int i = 0; i < cells; i++) {
      int pointer = start + 8 + 2 * i;
      if (pointer + 2 > USABLE) {
        return;
      }
      try {
        Optional<Row> row = row(page, Short.toUnsignedInt(page.getShort(pointer)));
        row.ifPresent(reader::read);
      } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException notARow) {
        // A damaged cell points out of its page; the others may be sound.
      }
    }
  }

  private Optional<Row> row(ByteBuffer page, int offset) throws IOException {
    var cell = page.duplicate().position(offset);
    long length = varint(cell);
    long number = varint(cell);
    if (length < 1 || length > Math.min(MAX_ROW_BYTES, database.size() + PAGES_IN_LOG_BYTES)) {
      return Optional.empty();
    }
    return payload(cell, (int) length).map(bytes -> new Row(number, columns(bytes)));
  }

  /// A row's bytes: what fits stands on the page, the rest in a chain of pages.
  private Optional<ByteBuffer> payload(ByteBuffer cell, int length) throws IOException {
    var whole = new byte[length];
    int local = length;
    if (length > MAX_LOCAL) {
      int wanted = MIN_LOCAL + (length - MIN_LOCAL) % (USABLE - 4);
      local = wanted <= MAX_LOCAL ? wanted : MIN_LOCAL;
    }
    cell.get(whole, 0, local);
    int done = local;
    int next = done < length ? cell.getInt() : 0;
    while (done < length) { // Ends: each page brings some of the rest, or ends it.
      ByteBuffer page = next < 1 ? ByteBuffer.allocate(0) : page(next);
      if (page.capacity() < Sqlite.PAGE_BYTES) {
        return Optional.empty();
      }
      int now = Math.min(length - done, USABLE - 4);
      page.get(4, whole, done, now);
      done += now;
      next = page.getInt(0);
    }
    return Optional.of(ByteBuffer.wrap(whole));
  }

  private static List<Optional<Object>> columns(ByteBuffer row) {
    int start = row.position();
    int end = start + (int) varint(row);
    List<Long> types = new ArrayList<>();
    while (row.position() < end && types.size() <= MAX_COLUMNS) {
      types.add(varint(row));
    }
    row.position(end);
    return types.stream().map(type -> column(row, type)).toList();
  }

  private static Optional<Object> column(ByteBuffer row, long type) {
    if (type >= 12) {
      if ((type - 12) / 2 > row.remaining()) {
        throw new IndexOutOfBoundsException();
      }
      var bytes = new byte[(int) ((type - 12) / 2)];
      row.get(bytes);
      return Optional.of(bytes);
    }
    return switch ((int) type) {
      case 1 -> Optional.of(whole(row, 1));
      case 2 -> Optional.of(whole(row, 2));
      case 3 -> Optional.of(whole(row, 3));
      case 4 -> Optional.of(whole(row, 4));
      case 5 -> Optional.of(whole(row, 6));
      case 6 -> Optional.of(whole(row, 8));
      case 8 -> Optional.of(0L);
      case 9 -> Optional.of(1L);
      default -> Optional.empty();
    };
  }

  private static Long whole(ByteBuffer row, int bytes) {
    long value = row.get();
    for (int i = 1; i < bytes; i++) {
      value = value << 8 | (row.get() & 0xff);
    }
    return value;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      int octet = bytes.get();
      value = value << 7 | (octet & 0x7f);
      if (octet >= 0) {
        return value;
      }
    }
    return value << 8 | (bytes.get() & 0xff);
  }

  private ByteBuffer page(int number) throws IOException {
    Long inLog = newest.get(number);
    return inLog == null || log == null
        ? page(database, (long) (number - 1) * Sqlite.PAGE_BYTES)
        : page(log, inLog);
  }

  /// The page at the offset; an empty one past the end.
  private static ByteBuffer page(FileChannel channel, long offset) throws IOException {
    var page = ByteBuffer.allocate(Sqlite.PAGE_BYTES);
    while (page.hasRemaining()) {
      if (channel.read(page, offset + page.position()) < 0) {
        return ByteBuffer.allocate(0);
      }
    }
    return page.flip();
  }

  @Override
  public void close() throws IOException {
    try (database) {
      if (log != null) {
        log.close();
      }
    }
  }
}
