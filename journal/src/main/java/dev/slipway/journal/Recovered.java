package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.State;
import java.util.List;

/// What a journal holds.
///
/// @param sequence the number of the last event; 0 when there is none
/// @param epoch the last epoch that was taken
/// @param snapshot the number of the last event in the snapshot that was read; 0 without one
/// @param warnings what was wrong and could be made good without loss, one line each
public record Recovered(
    State state, long sequence, Epoch epoch, long snapshot, List<String> warnings) {
  public Recovered {
    warnings = List.copyOf(warnings);
  }
}
