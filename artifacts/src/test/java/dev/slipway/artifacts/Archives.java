package dev.slipway.artifacts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;

/// Archives made in memory, good and bad.
final class Archives {
  private Archives() {}

  interface Wrapping {
    OutputStream around(OutputStream out) throws IOException;
  }

  interface TarWriter {
    void write(Tar tar) throws IOException;
  }

  interface ZipWriter {
    void write(ZipArchiveOutputStream zip) throws IOException;
  }

  /// Writes entries as they are told, whatever their names.
  static final class Tar {
    private final TarArchiveOutputStream out;

    private Tar(OutputStream out) {
      this.out = new TarArchiveOutputStream(out, "UTF-8");
      this.out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      this.out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    Tar file(String name, String content) throws IOException {
      return file(name, content.getBytes(StandardCharsets.UTF_8), 0644);
    }

    Tar file(String name, byte[] content, int mode) throws IOException {
      var entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
      entry.setMode(mode);
      entry.setSize(content.length);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
      return this;
    }

    Tar directory(String name, int mode) throws IOException {
      var entry = new TarArchiveEntry(name, TarConstants.LF_DIR, true);
      entry.setMode(mode);
      out.putArchiveEntry(entry);
      out.closeArchiveEntry();
      return this;
    }

    Tar special(String name, byte type, String linkName) throws IOException {
      var entry = new TarArchiveEntry(name, type, true);
      entry.setLinkName(linkName);
      entry.setSize(0);
      out.putArchiveEntry(entry);
      out.closeArchiveEntry();
      return this;
    }

    /// An entry of any type, with content.
    Tar raw(String name, byte type, byte[] content) throws IOException {
      var entry = new TarArchiveEntry(name, type, true);
      entry.setSize(content.length);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
      return this;
    }

    Tar link(String name, String target) throws IOException {
      return special(name, TarConstants.LF_SYMLINK, target);
    }

    Tar hardLink(String name, String target) throws IOException {
      return special(name, TarConstants.LF_LINK, target);
    }
  }

  static byte[] tar(TarWriter writer) throws IOException {
    return packed(out -> out, writer);
  }

  static byte[] tarGz(TarWriter writer) throws IOException {
    return packed(GZIPOutputStream::new, writer);
  }

  static byte[] tarBz2(TarWriter writer) throws IOException {
    return packed(BZip2CompressorOutputStream::new, writer);
  }

  static byte[] tarXz(TarWriter writer) throws IOException {
    return packed(XZCompressorOutputStream::new, writer);
  }

  private static byte[] packed(Wrapping wrapping, TarWriter writer) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = wrapping.around(bytes)) {
      var tar = new Tar(out);
      writer.write(tar);
      tar.out.finish();
      tar.out.flush();
    }
    return bytes.toByteArray();
  }

  static byte[] zip(ZipWriter writer) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipArchiveOutputStream(bytes)) {
      writer.write(zip);
    }
    return bytes.toByteArray();
  }

  static void zipEntry(ZipArchiveOutputStream zip, String name, int unixMode, byte[] content)
      throws IOException {
    var entry = new ZipArchiveEntry(name);
    if (unixMode != 0) {
      entry.setUnixMode(unixMode);
    }
    zip.putArchiveEntry(entry);
    zip.write(content);
    zip.closeArchiveEntry();
  }

  static void zipEntry(ZipArchiveOutputStream zip, String name, String content) throws IOException {
    zipEntry(zip, name, 0, content.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] gz(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }
}
