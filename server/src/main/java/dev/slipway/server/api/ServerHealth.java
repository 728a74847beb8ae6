package dev.slipway.server.api;

import java.util.Optional;

/// Whether the server can do its work.
///
/// @param leader whether this server decides
/// @param unwritable why the journal takes nothing, if so
/// @param backlog how many inputs wait for a decision
/// @param engineProblem what is wrong with the engine, if anything
/// @param member what the server is among several, if there may be others
public record ServerHealth(
    boolean leader,
    Optional<String> unwritable,
    int backlog,
    Optional<String> engineProblem,
    Optional<Member> member) {

  /// One of several servers.
  ///
  /// @param role in one word
  /// @param lastTerm how it lost the lead the last time
  /// @param unfit why it could not lead now, if so
  public record Member(String role, Optional<String> lastTerm, Optional<String> unfit) {}

  /// Of a server that is alone.
  public ServerHealth(
      boolean leader, Optional<String> unwritable, int backlog, Optional<String> engineProblem) {
    this(leader, unwritable, backlog, engineProblem, Optional.empty());
  }

  /// One of several is well also while it follows, or reads nothing new: it answers what it knows,
  /// and a load balancer that took it out would leave nobody who does. The same holds for one whose
  /// engine takes no orders: it records wishes, and gives the orders once they are taken.
  public boolean isWell() {
    return member.isPresent() || (leader && unwritable.isEmpty());
  }

  /// Whether it answers, and something that it needs for its whole work is away.
  public boolean isDegraded() {
    return isWell() && engineProblem.isPresent();
  }

  /// In one word.
  public String status() {
    if (isDegraded()) {
      return "degraded";
    }
    return isWell() ? "ok" : "failing";
  }
}
