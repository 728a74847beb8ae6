package dev.slipway.journal;

import java.util.List;

/// What a tool has to say about a journal.
///
/// @param ok whether the journal is sound, after a repair too
/// @param lines for people, in order
public record Report(boolean ok, List<String> lines) {
  public Report {
    lines = List.copyOf(lines);
  }
}
