package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A journal in one file: a line that names it and the version of its form; then, compressed, the
/// head, the sum of all rows and the rows; at the end the SHA-256 of everything before it. It is
/// written under another name and renamed when it is whole.
final class BackupFile {
  static final int VERSION = 1;
  private static final byte[] MAGIC =
      "slipway journal backup\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SUM_BYTES = 32;
  private static final int END = -1;

  private final Path file;
  private final Tables.Head head;
  private final JournalRows.Sum sum;

  private BackupFile(Path file, Tables.Head head, JournalRows.Sum sum) {
    this.file = file;
    this.head = head;
    this.sum = sum;
  }

  /// Writes all that the database holds, as it is at one moment.
  static JournalRows.Sum write(Database database, Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    MessageDigest digest = JournalRows.sha256();
    var sums = new ArrayList<JournalRows.Sum>();
    try (var out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
      out.write(MAGIC);
      out.write(VERSION);
      database.readOnly(connection -> sums.add(writeRows(connection, database, out)));
    } catch (UncheckedIOException problem) {
      throw problem.getCause();
    }
    try (InputStream in = Files.newInputStream(unfinished)) {
      digestAll(in, digest, Long.MAX_VALUE);
    }
    try (OutputStream out = Files.newOutputStream(unfinished, StandardOpenOption.APPEND)) {
      out.write(digest.digest());
    }
    JournalFile.moveIntoPlace(unfinished, file);
    return sums.getFirst();
  }

  private static JournalRows.Sum writeRows(
      Connection connection, Database database, OutputStream file) throws SQLException {
    try {
      var gzip = new GZIPOutputStream(file, 1 << 16);
      var out = new DataOutputStream(gzip);
      Tables.Head head = Replay.head(connection, database.place());
      JournalRows.Sum sum = JournalRows.Sum.of(connection);
      out.writeLong(head.epoch().value());
      out.writeLong(head.sequence());
      out.writeLong(head.batch());
      out.writeLong(sum.rows());
      out.writeUTF(sum.digest());
      for (int i = 0; i < JournalRows.TABLES.size(); i++) {
        int number = i;
        JournalRows.<IOException>each(
            connection, JournalRows.TABLES.get(i), (table, row) -> write(out, number, row));
      }
      out.writeByte(END);
      out.flush();
      gzip.finish();
      return sum;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static void write(DataOutputStream out, int table, List<Object> row) throws IOException {
    out.writeByte(table);
    for (Object value : row) {
      switch (value) {
        case Long number -> out.writeLong(number);
        case byte[] bytes -> writeBytes(out, bytes);
        default -> writeBytes(out, value.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// Opens a backup after its checksum was proved.
  ///
  /// @throws JournalDamaged when it is not what was written
  /// @throws NewerFormat when a newer version wrote it
  static BackupFile open(Path file) throws IOException {
    prove(file);
    try (DataInputStream in = rows(file)) {
      var head =
          new Tables.Head(Tables.FORMAT, new Epoch(in.readLong()), in.readLong(), in.readLong());
      return new BackupFile(file, head, new JournalRows.Sum(in.readLong(), in.readUTF()));
    }
  }

  private static void prove(Path file) throws IOException {
    long length = Files.size(file) - SUM_BYTES;
    if (length < MAGIC.length + 1) {
      throw new JournalDamaged(file.toString(), "its end", "it is no backup, or is cut off");
    }
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(MAGIC.length + 1);
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new JournalDamaged(file.toString(), "offset 0", "it is no backup of a journal");
      }
      int version = in.read();
      if (version > VERSION) {
        throw new NewerFormat(file.toString(), version);
      }
      in.reset();
      MessageDigest digest = JournalRows.sha256();
      digestAll(in, digest, length);
      if (!Arrays.equals(digest.digest(), in.readNBytes(SUM_BYTES))) {
        throw new JournalDamaged(file.toString(), "its content", "its checksum is wrong");
      }
    }
  }

  private static void digestAll(InputStream in, MessageDigest digest, long length)
      throws IOException {
    var buffer = new byte[1 << 16];
    long left = length;
    int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
    while (count > 0) {
      digest.update(buffer, 0, count);
      left -= count;
      count = left == 0 ? 0 : in.read(buffer, 0, (int) Math.min(buffer.length, left));
    }
  }

  private static DataInputStream rows(Path file) throws IOException {
    var in = new BufferedInputStream(Files.newInputStream(file));
    in.skipNBytes(MAGIC.length + 1L);
    return new DataInputStream(new BufferedInputStream(new GZIPInputStream(in, 1 << 16)));
  }

  Tables.Head head() {
    return head;
  }

  JournalRows.Sum sum() {
    return sum;
  }

  void each(JournalRows.Taker<SQLException> taker) throws SQLException {
    try (DataInputStream in = rows(file)) {
      in.skipNBytes(4L * Long.BYTES);
      in.readUTF();
      int table = in.readByte();
      while (table != END) {
        JournalRows.Table found = JournalRows.TABLES.get(table);
        taker.take(found, row(in, found));
        table = in.readByte();
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static List<Object> row(DataInputStream in, JournalRows.Table table) throws IOException {
    List<Object> row = new ArrayList<>();
    for (JournalRows.Column column : table.columns()) {
      row.add(
          switch (column.kind()) {
            case NUMBER -> (Object) in.readLong();
            case TEXT -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            case BYTES -> in.readNBytes(in.readInt());
          });
    }
    return row;
  }
}
