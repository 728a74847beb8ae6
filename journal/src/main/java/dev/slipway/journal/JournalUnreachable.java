package dev.slipway.journal;

/// The database does not answer, for now. A call that only reads may be made again. Of a call that
/// writes, nothing is known to count: it may be made again just as it was, and is then found to be
/// done or is done once. A leader that wants something else instead gives up its term.
public final class JournalUnreachable extends JournalException {
  private static final long serialVersionUID = 1;

  JournalUnreachable(String place, String detail) {
    super("the journal " + place + " cannot be reached now: " + detail);
  }
}
