package dev.slipway.journal;

/// The disk did not take a write, most often because it is full. Nothing of the batch counts. The
/// journal stays open, and later writes succeed by themselves once there is room.
public final class JournalFull extends JournalException {
  private static final long serialVersionUID = 1;

  JournalFull(String place, String detail) {
    super("the journal " + place + " cannot be written now: " + detail);
  }
}
