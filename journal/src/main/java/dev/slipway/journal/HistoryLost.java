package dev.slipway.journal;

/// The journal's last event is not the one that this leader knows, or the journal does not know its
/// leadership, although nobody leads after it: the database lost what it had acknowledged, as a
/// replica does that is promoted before it had everything, or holds a batch whose outcome the
/// leader did not wait for. Nothing was recorded. The leader ends its term, and whoever leads next
/// reads everything anew.
public final class HistoryLost extends JournalException {
  private static final long serialVersionUID = 1;

  HistoryLost(String place, String detail) {
    super("the journal " + place + " is not the one that was read: " + detail);
  }
}
