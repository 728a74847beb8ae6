package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.State;
import java.util.List;

/// What a journal holds.
///
/// @param position that of the last event
/// @param epoch the last epoch that was taken
/// @param snapshot the number of the last event in the snapshot that was read; 0 without one
/// @param warnings what was wrong and could be made good without loss, one line each
public record Recovered(
    State state, Position position, Epoch epoch, long snapshot, List<String> warnings) {
  public Recovered {
    warnings = List.copyOf(warnings);
  }

  /// The number of the last event; 0 when there is none.
  public long sequence() {
    return position.sequence();
  }
}
