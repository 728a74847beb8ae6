package dev.slipway.journal;

/// Why the journal cannot do what was asked. Each case wants something else of its caller. A leader
/// that was followed by another gets core's `StaleEpoch` instead.
public abstract sealed class JournalException extends RuntimeException
    permits JournalFull,
        JournalUnreachable,
        HistoryLost,
        JournalRefused,
        JournalDamaged,
        NewerFormat,
        DirectoryInUse {
  private static final long serialVersionUID = 1;

  JournalException(String message) {
    super(message);
  }
}
