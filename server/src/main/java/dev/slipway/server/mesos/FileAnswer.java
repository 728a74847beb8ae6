package dev.slipway.server.mesos;

import dev.slipway.core.engine.Sandbox;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// Files and pieces of files, as Mesos shows them.
final class FileAnswer {
  private FileAnswer() {}

  /// An entry of a directory, as `/files/browse` lists it; the fields are in Mesos's order.
  ///
  /// @param mtime in seconds
  record Listed(
      String gid, String mode, long mtime, int nlink, String path, long size, String uid) {
    static Listed of(SandboxAddress directory, Sandbox.Entry entry) {
      return new Listed(
          entry.group(),
          entry.mode(),
          entry.modified().getEpochSecond(),
          entry.links(),
          directory.shown(entry.path()),
          entry.size(),
          entry.owner());
    }
  }

  /// A part of a file, as `/files/read` gives it.
  record Piece(String data, long offset) {}

  /// An entry as the operator API lists it.
  record FileInfo(
      String gid, int mode, Nanoseconds mtime, int nlink, String path, long size, String uid) {
    static FileInfo of(SandboxAddress directory, Sandbox.Entry entry) {
      long nanoseconds = ChronoUnit.NANOS.between(Instant.EPOCH, entry.modified());
      return new FileInfo(
          entry.group(),
          bits(entry.mode()),
          new Nanoseconds(nanoseconds),
          entry.links(),
          directory.shown(entry.path()),
          entry.size(),
          entry.owner());
    }
  }

  record Nanoseconds(long nanoseconds) {}

  record Listing(String type, FileInfos list_files) {
    static Listing of(List<FileInfo> files) {
      return new Listing("LIST_FILES", new FileInfos(files));
    }
  }

  record FileInfos(List<FileInfo> file_infos) {}

  record Content(String type, Bytes read_file) {
    static Content of(byte[] data, long size) {
      return new Content("READ_FILE", new Bytes(Base64.getEncoder().encodeToString(data), size));
    }
  }

  /// @param data in Base64
  record Bytes(String data, long size) {}

  /// The number that `-rw-r--r--` stands for in `stat`.
  static int bits(String mode) {
    int type =
        switch (mode.isEmpty() ? '-' : mode.charAt(0)) {
          case 'd' -> 0040000;
          case 'l' -> 0120000;
          case 'c' -> 0020000;
          case 'b' -> 0060000;
          case 'p' -> 0010000;
          case 's' -> 0140000;
          default -> 0100000;
        };
    int bits = 0;
    for (int i = 1; i < mode.length() && i <= 9; i++) {
      bits = bits << 1 | (mode.charAt(i) == '-' ? 0 : 1);
    }
    return type | bits;
  }

  /// By a file's ending, as far as a program may care; whatever it says, the answer is a download.
  static String contentType(String name) {
    int dot = name.lastIndexOf('.');
    return switch (dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT)) {
      case "txt" -> "text/plain";
      case "css" -> "text/css";
      case "csv" -> "text/csv";
      case "html", "htm" -> "text/html";
      case "js" -> "application/javascript";
      case "json" -> "application/json";
      case "xml" -> "application/xml";
      case "pdf" -> "application/pdf";
      case "gz" -> "application/x-gzip";
      case "tar" -> "application/x-tar";
      case "zip" -> "application/zip";
      case "gif" -> "image/gif";
      case "jpg", "jpeg" -> "image/jpeg";
      case "png" -> "image/png";
      case "svg" -> "image/svg+xml";
      default -> "application/octet-stream";
    };
  }
}
