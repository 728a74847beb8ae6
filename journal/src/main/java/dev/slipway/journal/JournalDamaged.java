package dev.slipway.journal;

/// The journal's bytes are not what was written. Nothing is started from it and nothing in it is
/// changed: a person decides, with the commands that the message names.
public final class JournalDamaged extends JournalException {
  private static final long serialVersionUID = 1;
  private static final String FILE_ADVICE =
      ". Nothing was changed. `slipway journal check` tells what is damaged, `slipway journal"
          + " repair` keeps the file and makes a new one of all that can be read, `slipway journal"
          + " export` writes that out as text. A backup is better than a repair";
  private static final String SERVER_ADVICE =
      ". Nothing was changed. `slipway journal check` tells what is damaged, `slipway journal"
          + " export` writes out what can be read. The database's own backup or `slipway journal"
          + " restore` of one made by `slipway journal backup` brings it back";

  private final String place;
  private final String detail;

  /// @param journal the file, or the URL of a database
  JournalDamaged(String journal, String place, String detail) {
    super(
        journal
            + " is damaged at "
            + place
            + ": "
            + detail
            + (journal.startsWith("jdbc:") ? SERVER_ADVICE : FILE_ADVICE));
    this.place = place;
    this.detail = detail;
  }

  /// Where in it: a row, a page or an offset in bytes.
  public String place() {
    return place;
  }

  public String detail() {
    return detail;
  }
}
