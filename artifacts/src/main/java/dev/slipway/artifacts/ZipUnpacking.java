package dev.slipway.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/// Unpacks a zip archive by its central directory, the only place where modes and links are told.
final class ZipUnpacking {
  private static final int LINK_TARGET_BYTES = 4096;
  private static final int FILE_TYPE = 0170000;
  private static final int TYPE_REGULAR = 0100000;

  private final StagingTree tree;
  private final ExtractionBudget budget;

  private ZipUnpacking(StagingTree tree, ExtractionBudget budget) {
    this.tree = tree;
    this.budget = budget;
  }

  static void unpack(Path archive, StagingTree tree, ExtractionBudget budget) throws IOException {
    try (var channel = new MeteredChannel(FileChannel.open(archive, StandardOpenOption.READ))) {
      channel.allowDirectoryOf(budget.limits().entries());
      // The directory counts. A local header that says otherwise is a trick played on other
      // readers.
      try (ZipFile zip =
          ZipFile.builder().setSeekableByteChannel(channel).setIgnoreLocalFileHeader(true).get()) {
        channel.allowAll();
        var unpacking = new ZipUnpacking(tree, budget);
        Enumeration<ZipArchiveEntry> entries = zip.getEntriesInPhysicalOrder();
        while (entries.hasMoreElements()) {
          budget.takeEntry();
          unpacking.unpack(zip, entries.nextElement());
        }
      }
    }
  }

  private void unpack(ZipFile zip, ZipArchiveEntry entry) throws IOException {
    List<String> names = SandboxPath.namesOf(entry.getName(), budget.limits());
    int mode = entry.getUnixMode();
    if (entry.isDirectory()) {
      if (!names.isEmpty()) {
        tree.directory(new SandboxPath(names), mode == 0 ? 0755 : mode);
      }
      return;
    }
    if (names.isEmpty()) {
      throw new ArtifactProblem("an entry of the archive is no directory, but named like its top");
    }
    var path = new SandboxPath(names);
    if (!zip.canReadEntryData(entry)) {
      throw new ArtifactProblem(
          SandboxPath.quoted(path.toString()) + " is encrypted, or packed in a way not known");
    }
    if (entry.isUnixSymlink()) {
      tree.link(path, linkTarget(zip, entry, path));
      return;
    }
    int type = mode & FILE_TYPE;
    if (type != 0 && type != TYPE_REGULAR) {
      throw new ArtifactProblem(
          SandboxPath.quoted(path.toString()) + " is a device or the like, which is not unpacked");
    }
    try (var content = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      InputStream metered = budget.metered(content);
      tree.file(
          path, metered, mode == 0 ? 0644 : mode, Optional.ofNullable(entry.getLastModifiedTime()));
      if (content.getChecksum().getValue() != entry.getCrc()) {
        throw new ArtifactProblem(
            "the archive is damaged: the checksum of "
                + SandboxPath.quoted(path.toString())
                + " is wrong");
      }
    }
  }

  private static String linkTarget(ZipFile zip, ZipArchiveEntry entry, SandboxPath path)
      throws IOException {
    try (InputStream content = zip.getInputStream(entry)) {
      byte[] target = content.readNBytes(LINK_TARGET_BYTES + 1);
      if (target.length > LINK_TARGET_BYTES) {
        throw new ArtifactProblem(
            "the link " + SandboxPath.quoted(path.toString()) + " has a target that is too long");
      }
      return new String(target, StandardCharsets.UTF_8);
    }
  }

  /// Bounds what the library reads before it tells how many entries there are: it keeps an object
  /// for each, and a gigabyte of directory would be twenty million of them.
  private static final class MeteredChannel implements SeekableByteChannel {
    /// The end of the directory is looked for backwards, byte by byte, through the longest comment.
    private static final long READS_TO_FIND_DIRECTORY = 70_000;

    private static final int READS_PER_ENTRY = 6;
    private static final long DIRECTORY_BYTES = 64L << 20;

    private final SeekableByteChannel channel;
    private long reads = Long.MAX_VALUE;
    private long bytes = Long.MAX_VALUE;

    MeteredChannel(SeekableByteChannel channel) {
      this.channel = channel;
    }

    void allowDirectoryOf(int entries) {
      reads = READS_TO_FIND_DIRECTORY + (long) entries * READS_PER_ENTRY;
      bytes = DIRECTORY_BYTES;
    }

    void allowAll() {
      reads = Long.MAX_VALUE;
      bytes = Long.MAX_VALUE;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      int read = channel.read(target);
      bytes -= Math.max(read, 0);
      if (--reads < 0 || bytes < 0) {
        throw new ArtifactProblem("the archive has too many entries");
      }
      return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return channel.write(source);
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      channel.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      channel.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
