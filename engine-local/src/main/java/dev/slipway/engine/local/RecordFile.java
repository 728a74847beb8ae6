package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A small file of names and values that is there as a whole or not at all: lines of `name=value`
/// under a head line, the CRC-32C of all before as the last one. `\`, newline and carriage return
/// are escaped. Written aside, forced to the disk and renamed.
final class RecordFile {
  /// Larger files are taken for damaged.
  static final long MAX_BYTES = 4L << 20;

  private static final String HEAD = "slipway-record 1";
  private static final String CHECK = "check=";

  /// Names in order; a name may come more than once.
  record Content(List<Map.Entry<String, String>> entries) {
    Content {
      entries = List.copyOf(entries);
    }

    Optional<String> first(String name) {
      return all(name).stream().findFirst();
    }

    String required(String name) throws IOException {
      return first(name).orElseThrow(() -> new IOException("the record has no '" + name + "'"));
    }

    List<String> all(String name) {
      return entries.stream()
          .filter(e -> e.getKey().equals(name))
          .map(Map.Entry::getValue)
          .toList();
    }
  }

  /// Collects the lines of a record.
  static final class Lines {
    private final List<Map.Entry<String, String>> entries = new ArrayList<>();

    Lines add(String name, Object value) {
      entries.add(Map.entry(name, value.toString()));
      return this;
    }

    Lines addIfPresent(String name, Optional<?> value) {
      value.ifPresent(present -> add(name, present));
      return this;
    }

    Content content() {
      return new Content(entries);
    }
  }

  private RecordFile() {}

  /// Writes a record so that it survives a crash of the machine.
  static void write(Path file, Content content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = java.util.Set.of(WRITE, CREATE, TRUNCATE_EXISTING);
    try (FileChannel channel = FileChannel.open(aside, options, owner)) {
      ByteBuffer bytes = ByteBuffer.wrap(encode(content).getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(aside, file, ATOMIC_MOVE);
    force(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }

  /// Forces the names in a directory to the disk.
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  /// Reads a record, or nothing where there is none.
  ///
  /// @throws IOException when it is damaged; the message says how
  static Optional<Content> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file.getFileName() + " is too large");
    }
    try {
      return Optional.of(decode(Files.readString(file)));
    } catch (IOException damaged) {
      throw new IOException(file.getFileName() + " is damaged: " + damaged.getMessage(), damaged);
    }
  }

  private static String encode(Content content) {
    var text = new StringBuilder(HEAD).append('\n');
    for (var entry : content.entries()) {
      text.append(entry.getKey()).append('=').append(escape(entry.getValue())).append('\n');
    }
    String body = text.toString();
    return body + CHECK + checksum(body) + "\n";
  }

  private static Content decode(String text) throws IOException {
    int check = text.lastIndexOf("\n" + CHECK) + 1;
    if (check <= 0 || !text.startsWith(HEAD + "\n")) {
      throw new IOException("it is not a whole record");
    }
    String body = text.substring(0, check);
    if (!text.substring(check).equals(CHECK + checksum(body) + "\n")) {
      throw new IOException("its checksum does not match");
    }
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (String line : body.substring(HEAD.length() + 1).lines().toList()) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new IOException("a line has no '='");
      }
      entries.add(Map.entry(line.substring(0, equals), unescape(line.substring(equals + 1))));
    }
    return new Content(entries);
  }

  private static String checksum(String text) {
    var sum = new CRC32C();
    sum.update(text.getBytes(UTF_8));
    return Long.toHexString(sum.getValue());
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescape(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    var plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char next = value.charAt(i);
      if (next == '\\' && i + 1 < value.length()) {
        i++;
        next =
            switch (value.charAt(i)) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> value.charAt(i);
            };
      }
      plain.append(next);
    }
    return plain.toString();
  }
}
