package dev.slipway.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The first 100 bytes of the database file, as far as they never change in a journal.
///
/// SQLite itself is too trusting here: with one wrong bit in the read version it takes the file for
/// one without a write-ahead log, and what stands only in the log is gone without a word.
/// Offsets and meanings are those of section 1.3 of https://www.sqlite.org/fileformat2.html.
final class DatabaseHeader {
  static final int BYTES = 100;
  private static final int USER_VERSION_AT = 60;

  /// A value that every journal has at this offset.
  private record Constant(int offset, String hexadecimal, String meaning) {
    byte[] value() {
      return HexFormat.of().parseHex(hexadecimal);
    }
  }

  private static final List<Constant> CONSTANTS =
      List.of(
          new Constant(0, "53514c69746520666f726d6174203300", "the magic word"),
          new Constant(16, "1000", "the page size"),
          new Constant(18, "0202", "the write and read version"),
          new Constant(20, "00402020", "the layout of pages"),
          new Constant(44, word(4), "the schema's format"),
          new Constant(52, word(0), "the vacuum mode"),
          new Constant(56, word(1), "the text encoding"),
          new Constant(64, word(0), "the vacuum mode"),
          new Constant(68, word(Sqlite.APPLICATION_ID), "the application id"),
          new Constant(72, "00".repeat(20), "the reserved part"));

  private final Path file;
  private final byte[] bytes;

  private DatabaseHeader(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static DatabaseHeader of(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var buffer = ByteBuffer.allocate(BYTES);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Reads go on until the buffer is full or the file ends.
      }
      return new DatabaseHeader(file, Arrays.copyOf(buffer.array(), buffer.position()));
    }
  }

  /// The first thing that is not as in every journal.
  Optional<Damage> damage() {
    if (bytes.length < BYTES) {
      return Optional.of(
          new Damage(file, "offset " + bytes.length, "the file ends within its header"));
    }
    for (Constant constant : CONSTANTS) {
      byte[] value = constant.value();
      byte[] found = Arrays.copyOfRange(bytes, constant.offset(), constant.offset() + value.length);
      int difference = Arrays.mismatch(found, value);
      if (difference >= 0) {
        return Optional.of(
            new Damage(
                file,
                "offset " + (constant.offset() + difference),
                constant.meaning() + " in the header is not that of a journal"));
      }
    }
    if (format() < 1) {
      return Optional.of(
          new Damage(file, "offset " + USER_VERSION_AT, "the format in the header is " + format()));
    }
    return Optional.empty();
  }

  /// The format that the file says to have. It tells something only if there is no damage.
  int format() {
    return ByteBuffer.wrap(bytes).getInt(USER_VERSION_AT);
  }

  private static String word(int value) {
    return HexFormat.of().toHexDigits(value);
  }
}
