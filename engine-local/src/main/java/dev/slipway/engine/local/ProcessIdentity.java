package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A process that cannot be mistaken for another one: its number, when it started, and the start of
/// the machine that both belong to. Numbers alone are used again.
record ProcessIdentity(long pid, long start, String boot) {
  boolean isAlive(String currentBoot) {
    return boot.equals(currentBoot)
        && ProcessTable.row(pid).filter(row -> row.start() == start && !row.isDead()).isPresent();
  }

  /// Reads what a supervisor wrote of itself.
  ///
  /// @throws IOException when it is not (yet) a whole identity
  static Optional<ProcessIdentity> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = Files.readString(file);
    String[] word = text.strip().split(" ", -1);
    if (!text.endsWith("\n") || word.length != 3) {
      throw new IOException(file.getFileName() + " does not name a process");
    }
    try {
      return Optional.of(
          new ProcessIdentity(Long.parseLong(word[0]), Long.parseLong(word[1]), word[2]));
    } catch (NumberFormatException e) {
      throw new IOException(file.getFileName() + " does not name a process", e);
    }
  }
}
