package dev.slipway.artifacts;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// Unpacks archives into a staging tree. commons-compress reads the formats; what may be written,
/// where and how much is decided by [StagingTree] and [ExtractionBudget].
final class Unpacking {
  /// Enough for `xz -9`, which takes 65 MiB.
  private static final int XZ_MEMORY_KIB = 128 * 1024;

  private static final int BUFFER_BYTES = 1 << 16;

  private Unpacking() {}

  /// @param name the file's own, which a single compressed file loses its ending of
  /// @throws ArtifactProblem when the archive is damaged, cut off, or asks for what is refused
  static void unpack(
      ArchiveFormat format, Path archive, String name, StagingTree tree, ExtractionLimits limits)
      throws IOException {
    var budget = new ExtractionBudget(limits, Files.size(archive));
    try {
      switch (format) {
        case ZIP -> ZipUnpacking.unpack(archive, tree, budget);
        case GZ -> unpackSingleFile(archive, name, limits, tree, budget);
        case TAR, TAR_GZ, TAR_BZ2, TAR_XZ -> {
          try (InputStream bytes = decompressed(format, archive)) {
            TarUnpacking.unpack(bytes, tree, budget);
          }
        }
      }
    } catch (ArtifactProblem | FileSystemException e) {
      throw e;
    } catch (MemoryLimitException e) {
      throw new ArtifactProblem(
          "the archive needs more than " + XZ_MEMORY_KIB + " KiB of memory to be unpacked");
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // The library wraps what its input throws.
      throw e.getCause() instanceof ArtifactProblem problem
          ? problem
          : new ArtifactProblem("the archive is damaged or cut off: " + reason(e));
    } catch (RuntimeException e) {
      // What the library throws on some malformed archives.
      throw new ArtifactProblem("the archive is damaged: " + reason(e));
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : SandboxPath.quoted(e.getMessage());
  }

  /// As with archives, its content goes into the sandbox itself.
  private static void unpackSingleFile(
      Path archive, String name, ExtractionLimits limits, StagingTree tree, ExtractionBudget budget)
      throws IOException {
    SandboxPath plain =
        SandboxPath.parse(name.substring(0, name.length() - ".gz".length()), limits);
    try (InputStream bytes = decompressed(ArchiveFormat.GZ, archive)) {
      tree.file(plain, budget.metered(bytes), 0644, Optional.empty());
    }
  }

  private static InputStream decompressed(ArchiveFormat format, Path archive) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES);
    try {
      return switch (format) {
        case TAR_GZ, GZ ->
            GzipCompressorInputStream.builder()
                .setInputStream(bytes)
                .setDecompressConcatenated(true)
                .get();
        case TAR_BZ2 -> new BZip2CompressorInputStream(bytes, true);
        case TAR_XZ ->
            XZCompressorInputStream.builder()
                .setInputStream(bytes)
                .setDecompressConcatenated(true)
                .setMemoryLimitKiB(XZ_MEMORY_KIB)
                .get();
        case TAR, ZIP -> bytes;
      };
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }
}
