package dev.slipway.journal;

import java.nio.file.Path;

/// Something found wrong with a file.
///
/// @param place where: a row, a page or an offset in bytes
record Damage(Path file, String place, String detail) {
  JournalDamaged asException() {
    return new JournalDamaged(file.toString(), place, detail);
  }

  @Override
  public String toString() {
    return file.getFileName() + ", " + place + ": " + detail;
  }
}
