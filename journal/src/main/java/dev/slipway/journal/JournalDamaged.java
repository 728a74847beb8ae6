package dev.slipway.journal;

import java.nio.file.Path;

/// The journal's bytes are not what was written. Nothing is started from it and nothing in it is
/// changed: a person decides, with the commands that the message names.
public final class JournalDamaged extends JournalException {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final String place;
  private final String detail;

  JournalDamaged(Path file, String place, String detail) {
    super(
        file
            + " is damaged at "
            + place
            + ": "
            + detail
            + ". Nothing was changed. `slipway journal check` tells what is damaged, `slipway journal"
            + " repair` keeps the file and makes a new one of all that can be read, `slipway journal"
            + " export` writes that out as text. A backup is better than a repair");
    this.file = file;
    this.place = place;
    this.detail = detail;
  }

  public Path file() {
    return file;
  }

  /// Where in the file: a row, a page or an offset in bytes.
  public String place() {
    return place;
  }

  public String detail() {
    return detail;
  }
}
