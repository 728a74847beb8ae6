package dev.slipway.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// Takes what nobody should see: from a terminal without showing it, from the standard input, or
/// from a file. Never from the command line, which other accounts of the machine can read.
final class HiddenInput {
  private final Surroundings surroundings;

  HiddenInput(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Whether a person types; then [#ask] can be used.
  boolean isTerminal() {
    if (!surroundings.in().equals(System.in)) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return Objects.requireNonNull(System.console()).isTerminal();
    }
  }

  /// What a person types until the end of the line; nothing of it is shown.
  byte[] ask(String prompt) {
    Console console = Objects.requireNonNull(System.console());
    if (!console.isTerminal()) {
      throw Complaint.of(Exit.USAGE, "Nothing can be typed unseen here")
          .mend("Pipe the value in, or name a file.");
    }
    surroundings.out().flush();
    surroundings.err().print(prompt);
    surroundings.err().flush();
    char[] typed = console.readPassword();
    if (typed == null) {
      throw Complaint.of(Exit.DETACHED, "Nothing was typed");
    }
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Arrays.fill(typed, '\0');
    return bytes;
  }

  /// All of the standard input but the end of its last line, which `echo` adds.
  byte[] standardInput(int limit) {
    try {
      return withoutLineEnd(bounded(surroundings.in(), "The standard input", limit + 2));
    } catch (IOException e) {
      throw Complaint.of(Exit.USAGE, "The standard input cannot be read");
    }
  }

  /// A file's bytes as they are.
  static byte[] file(Path file, int limit) {
    try (InputStream input = Files.newInputStream(file)) {
      return bounded(input, "The file " + file, limit);
    } catch (NoSuchFileException e) {
      throw Complaint.of(Exit.USAGE, "There is no file " + file);
    } catch (IOException e) {
      throw Complaint.of(Exit.USAGE, "The file " + file + " cannot be read");
    }
  }

  static byte[] withoutLineEnd(byte[] bytes) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
      if (end > 0 && bytes[end - 1] == '\r') {
        end--;
      }
    }
    return Arrays.copyOf(bytes, end);
  }

  private static byte[] bounded(InputStream input, String what, int limit) throws IOException {
    byte[] bytes = input.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw Complaint.of(Exit.USAGE, what + " is larger than " + Words.bytes(limit));
    }
    return bytes;
  }
}
