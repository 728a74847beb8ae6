package dev.slipway.artifacts;

import java.io.IOException;
import java.io.InputStream;

/// What is left of one archive's limits while it is unpacked.
final class ExtractionBudget {
  private final ExtractionLimits limits;
  private final long allowedBytes;
  private long bytes;
  private int entries;

  /// @param archiveBytes the archive's size, for the ratio
  ExtractionBudget(ExtractionLimits limits, long archiveBytes) {
    this.limits = limits;
    this.allowedBytes = limits.allowedBytes(archiveBytes);
  }

  ExtractionLimits limits() {
    return limits;
  }

  /// Bytes that its files may hold together.
  long allowedBytes() {
    return allowedBytes;
  }

  void takeEntry() throws ArtifactProblem {
    if (++entries > limits.entries()) {
      throw new ArtifactProblem("the archive has more than " + limits.entries() + " entries");
    }
  }

  void takeBytes(long count) throws ArtifactProblem {
    bytes += count;
    if (bytes > allowedBytes) {
      throw tooMuch();
    }
  }

  ArtifactProblem tooMuch() {
    return new ArtifactProblem(
        allowedBytes == limits.bytes()
            ? "the archive unpacks to more than " + allowedBytes + " bytes"
            : "the archive unpacks to more than "
                + limits.ratio()
                + " times its size ("
                + allowedBytes
                + " bytes)");
  }

  /// A stream whose bytes are taken from the budget as they are read.
  InputStream metered(InputStream in) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        int read = in.read();
        takeBytes(read < 0 ? 0 : 1);
        return read;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        takeBytes(Math.max(read, 0));
        return read;
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }
}
