package dev.slipway.server.api;

import java.util.Optional;

/// Whether the server can do its work.
///
/// @param leader whether this server decides
/// @param unwritable why the journal takes nothing, if so
/// @param backlog how many inputs wait for a decision
/// @param engineProblem what is wrong with the engine, if anything
public record ServerHealth(
    boolean leader, Optional<String> unwritable, int backlog, Optional<String> engineProblem) {
  public boolean isWell() {
    return leader && unwritable.isEmpty() && engineProblem.isEmpty();
  }
}
