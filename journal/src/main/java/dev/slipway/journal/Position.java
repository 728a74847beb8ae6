package dev.slipway.journal;

/// A place in the journal and what proves that the journal is still the same there.
///
/// @param sequence the number of the last event that was read; 0 before the first
/// @param mark the checksum of that event's row, which covers its number, epoch and content; 0 when
///     the row was already forgotten, and then nothing is proved
public record Position(long sequence, long mark) {
  /// Before the first event.
  public static final Position START = new Position(0, 0);
}
