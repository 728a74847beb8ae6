package dev.slipway.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Tells a damaged write-ahead log from one that a crash cut off.
///
/// The log is a header and frames, each a page with a checksum over it and over all before it.
/// SQLite reads up to the first frame whose checksum is wrong and takes the rest for the remains of
/// a transaction that never ended. After a crash that is right. After damage to the middle it would
/// throw away every transaction that follows, acknowledged or not, without a word.
///
/// The two differ in what follows the bad frame. A transaction is written only after the one before
/// it is safely on the disk, so if a whole transaction stands behind the bad frame and another one
/// begins right after that one, then the bad frame was once good. A frame is checked against the
/// checksum that stands in the frame before it, so frames behind a bad one can be told to be good.
///
/// What cannot be told: damage to the very last transaction looks as a crash does.
/// The layout is section 4 of https://www.sqlite.org/fileformat2.html.
final class WriteAheadLog {
  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int FRAME_BYTES = FRAME_HEADER_BYTES + Sqlite.PAGE_BYTES;
  private static final int MAGIC = 0x377f0682;
  private static final int VERSION = 3_007_000;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
  private ByteOrder wordOrder = ByteOrder.BIG_ENDIAN;
  private long salts;

  private WriteAheadLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// What was found in a log.
  ///
  /// @param damage what makes it unfit to be read
  /// @param cutOff the offset of a transaction that never ended, if there is one
  record Finding(Optional<Damage> damage, Optional<Long> cutOff) {
    static final Finding SOUND = new Finding(Optional.empty(), Optional.empty());
  }

  static Path of(Path database) {
    return database.resolveSibling(database.getFileName() + "-wal");
  }

  /// Looks through the log of a database that nobody writes to now.
  static Finding inspect(Path database) throws IOException {
    Path file = of(database);
    if (!Files.exists(file) || Files.size(file) < HEADER_BYTES + FRAME_BYTES) {
      return Finding.SOUND;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new WriteAheadLog(file, channel).inspect();
    }
  }

  /// Where the newest image of each page stands that a transaction finished, as far as the log can
  /// be made sense of: after a bad frame, only what belongs to whole transactions counts.
  static Map<Integer, Long> newestPages(Path database) throws IOException {
    Path file = of(database);
    Map<Integer, Long> newest = new HashMap<>();
    if (!Files.exists(file) || Files.size(file) < HEADER_BYTES + FRAME_BYTES) {
      return newest;
    }
    boolean damaged = inspect(database).damage().isPresent();
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      new WriteAheadLog(file, channel).collect(newest, damaged);
    }
    return newest;
  }

  private void collect(Map<Integer, Long> newest, boolean beyondBadFrames) throws IOException {
    var header = ByteBuffer.allocate(HEADER_BYTES);
    fill(header, 0);
    wordOrder = (header.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    salts = header.getLong(16);
    long before = checksum(0, header, 0, HEADER_BYTES - 8);
    if (beyondBadFrames && header.getLong(24) != before) {
      fill(frame, HEADER_BYTES); // The header is what is damaged; the first frame knows the salts.
      salts = frame.getLong(8);
    }
    Map<Integer, Long> unfinished = new HashMap<>();
    long frames = (channel.size() - HEADER_BYTES) / FRAME_BYTES;
    for (long index = 0; index < frames; index++) {
      boolean good = read(index) && checksum(before) == storedChecksum();
      if (!good && !beyondBadFrames) {
        return;
      }
      if (good) {
        unfinished.put(frame.getInt(0), offset(index) + FRAME_HEADER_BYTES);
      }
      if (isCommit()) {
        newest.putAll(unfinished);
        unfinished.clear();
      }
      before = storedChecksum();
    }
  }

  private Finding inspect() throws IOException {
    var header = ByteBuffer.allocate(HEADER_BYTES);
    fill(header, 0);
    int magic = header.getInt(0);
    wordOrder = (magic & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    salts = header.getLong(16);
    long checksum = checksum(0, header, 0, HEADER_BYTES - 8);
    boolean sound =
        (magic & ~1) == MAGIC
            && header.getInt(4) == VERSION
            && header.getInt(8) == Sqlite.PAGE_BYTES
            && header.getLong(24) == checksum;
    if (!sound) {
      // The header is on the disk before the first frame is written: a crash does not leave this.
      return damaged(0, "the header's checksum is wrong");
    }
    long frames = (channel.size() - HEADER_BYTES) / FRAME_BYTES;
    for (long index = 0; index < frames; index++) {
      if (!read(index) || checksum(checksum) != storedChecksum()) {
        return afterBadFrame(index, frames);
      }
      checksum = storedChecksum();
    }
    return Finding.SOUND;
  }

  private Finding afterBadFrame(long bad, long frames) throws IOException {
    boolean ofThisLog = read(bad);
    boolean afterCommit = ofThisLog && isCommit();
    long before = storedChecksum();
    for (long index = bad + 1; index < frames; index++) {
      boolean belongs = read(index);
      if (belongs && afterCommit && checksum(before) == storedChecksum()) {
        return damaged(
            offset(bad), "a page's checksum is wrong, and transactions that were recorded follow");
      }
      afterCommit = belongs && isCommit();
      before = storedChecksum();
    }
    return ofThisLog
        ? new Finding(Optional.empty(), Optional.of(offset(bad)))
        : Finding.SOUND; // What is left over from before the log was last begun anew.
  }

  private Finding damaged(long offset, String detail) {
    return new Finding(Optional.of(new Damage(file, "offset " + offset, detail)), Optional.empty());
  }

  private static long offset(long index) {
    return HEADER_BYTES + index * FRAME_BYTES;
  }

  /// Reads a frame; whether it belongs to the log as it was last begun.
  private boolean read(long index) throws IOException {
    fill(frame, offset(index));
    return frame.getLong(8) == salts;
  }

  private boolean isCommit() {
    return frame.getInt(4) != 0;
  }

  private long storedChecksum() {
    return frame.getLong(16);
  }

  private long checksum(long before) {
    long header = checksum(before, frame, 0, 8);
    return checksum(header, frame, FRAME_HEADER_BYTES, FRAME_BYTES);
  }

  /// SQLite's running checksum: two words, the first in the upper half.
  private long checksum(long before, ByteBuffer bytes, int from, int to) {
    ByteBuffer words = bytes.duplicate().order(wordOrder);
    int first = (int) (before >>> 32);
    int second = (int) before;
    for (int i = from; i < to; i += 8) {
      first += words.getInt(i) + second;
      second += words.getInt(i + 4) + first;
    }
    return (long) first << 32 | (second & 0xffff_ffffL);
  }

  private void fill(ByteBuffer buffer, long position) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException(file + " became shorter while it was read");
      }
    }
    buffer.flip();
  }
}
