package dev.slipway.journal;

/// A journal cannot be opened at this place, and will not be before a person changes something. The
/// message says what is wrong, why it matters and how to mend it.
public final class JournalRefused extends JournalException {
  private static final long serialVersionUID = 1;

  JournalRefused(String place, String detail) {
    super("the journal " + place + " cannot be used: " + detail);
  }
}
