package dev.slipway.journal;

/// The journal was written by a newer version, whose events this one may misunderstand.
public final class NewerFormat extends JournalException {
  private static final long serialVersionUID = 1;

  NewerFormat(String journal, int found) {
    super(
        journal
            + " has format "
            + found
            + " and this version reads formats up to "
            + Tables.FORMAT
            + ". Start the version of slipway that wrote it, or a newer one; if there was never a"
            + " newer one here, `slipway journal check` tells whether the file is damaged");
  }
}
