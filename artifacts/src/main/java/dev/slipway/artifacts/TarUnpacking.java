package dev.slipway.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Unpacks a tar archive, entry by entry, in its order.
final class TarUnpacking {
  /// What the headers before one entry may take. The library reads long names and extended headers
  /// into memory whole, however long they say they are.
  private static final int HEADER_BYTES = 1 << 20;

  /// Headers and padding of one entry, for the limit on the stream as a whole.
  private static final int OVERHEAD_BYTES_PER_ENTRY = 2048;

  private final StagingTree tree;
  private final ExtractionBudget budget;

  private TarUnpacking(StagingTree tree, ExtractionBudget budget) {
    this.tree = tree;
    this.budget = budget;
  }

  static void unpack(InputStream bytes, StagingTree tree, ExtractionBudget budget)
      throws IOException {
    var bounded = new BoundedStream(bytes, budget);
    var tar = new TarWithEnd(bounded);
    var unpacking = new TarUnpacking(tree, budget);
    while (true) {
      bounded.allowNext(HEADER_BYTES);
      TarArchiveEntry entry = tar.getNextEntry();
      bounded.allowNext(Long.MAX_VALUE);
      if (entry == null) {
        break;
      }
      budget.takeEntry();
      unpacking.unpack(entry, tar);
      // So that the next header is near: an entry's rest would count as header bytes.
      tar.transferTo(OutputStream.nullOutputStream());
    }
    if (!tar.sawEnd) {
      throw new ArtifactProblem("the archive is cut off: its end mark is missing");
    }
    // The compressed stream's own checksum comes last.
    bounded.transferTo(OutputStream.nullOutputStream());
  }

  private void unpack(TarArchiveEntry entry, InputStream content) throws IOException {
    List<String> names = SandboxPath.namesOf(entry.getName(), budget.limits());
    boolean named = !names.isEmpty();
    byte type = entry.getLinkFlag();
    // In old archives a directory is a file whose name ends with a slash.
    boolean directory =
        type == TarConstants.LF_DIR
            || (isFile(type) && entry.getName().endsWith("/") && !entry.isSparse());
    if (directory) {
      if (named) {
        tree.directory(new SandboxPath(names), entry.getMode());
      }
      return;
    }
    if (!named) {
      throw new ArtifactProblem("an entry of the archive is no directory, but named like its top");
    }
    var path = new SandboxPath(names);
    if (entry.isSparse()) {
      throw refused(path, "a sparse file");
    }
    if (isFile(type)) {
      tree.file(path, budget.metered(content), entry.getMode(), modified(entry));
      return;
    }
    switch (type) {
      case TarConstants.LF_SYMLINK -> tree.link(path, entry.getLinkName());
      case TarConstants.LF_LINK ->
          tree.copy(
              SandboxPath.parse(entry.getLinkName(), budget.limits()),
              path,
              entry.getMode(),
              budget);
      case TarConstants.LF_CHR, TarConstants.LF_BLK -> throw refused(path, "a device");
      case TarConstants.LF_FIFO -> throw refused(path, "a FIFO");
      default -> throw refused(path, "an entry of type " + (type & 0xff));
    }
  }

  private static boolean isFile(byte type) {
    return type == TarConstants.LF_NORMAL
        || type == TarConstants.LF_OLDNORM
        || type == TarConstants.LF_CONTIG;
  }

  private static Optional<FileTime> modified(TarArchiveEntry entry) {
    return Optional.ofNullable(entry.getLastModifiedTime());
  }

  private static ArtifactProblem refused(SandboxPath path, String kind) {
    return new ArtifactProblem(
        SandboxPath.quoted(path.toString()) + " is " + kind + ", which is not unpacked");
  }

  /// Tells a whole archive from one that ends between two entries.
  private static final class TarWithEnd extends TarArchiveInputStream {
    private boolean sawEnd;

    TarWithEnd(InputStream bytes) {
      super(bytes, "UTF-8");
    }

    @Override
    protected boolean isEOFRecord(byte[] block) {
      boolean end = super.isEOFRecord(block);
      sawEnd |= end && block != null;
      return end;
    }
  }

  /// A stream that ends in an error when more is read than is allowed.
  private static final class BoundedStream extends InputStream {
    private final InputStream in;
    private final ExtractionBudget budget;
    private long allowedInAll;
    private long allowedNext = Long.MAX_VALUE;

    BoundedStream(InputStream in, ExtractionBudget budget) {
      this.in = in;
      this.budget = budget;
      long overhead = (long) budget.limits().entries() * OVERHEAD_BYTES_PER_ENTRY;
      allowedInAll = budget.allowedBytes() + overhead;
    }

    void allowNext(long bytes) {
      allowedNext = bytes;
    }

    private void took(int read) throws ArtifactProblem {
      int bytes = Math.max(read, 0);
      allowedInAll -= bytes;
      allowedNext -= bytes;
      if (allowedInAll < 0) {
        throw budget.tooMuch();
      }
      if (allowedNext < 0) {
        throw new ArtifactProblem(
            "the archive has an entry with more than " + HEADER_BYTES + " bytes of headers");
      }
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      took(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      took(read);
      return read;
    }
  }
}
