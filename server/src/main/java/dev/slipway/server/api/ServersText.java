package dev.slipway.server.api;

import org.jspecify.annotations.Nullable;

/// Who leads, and what the server that was asked is itself. What other servers do it knows only of
/// the leader.
///
/// @param leader nothing while nobody is known to lead
/// @param lease as this server knows it; nothing where there is none to be had
public record ServersText(@Nullable Leader leader, @Nullable Lease lease, Self self) {

  /// @param address where its API is
  public record Leader(String name, String address) {}

  /// @param epoch of the leadership
  /// @param millis how long others wait for its next renewal before they take over
  /// @param released given back; whoever likes may take it
  public record Lease(long epoch, long millis, boolean released) {}

  /// How the last term of this server ended.
  public record End(long epoch, String reason, long agoMillis) {}

  /// @param role what it is in elections, in one word: `starting` until it takes writes, `leading`
  ///     from then on
  /// @param sequence the number of the last event that it knows
  /// @param lagMillis how old that may be; nothing while it leads
  /// @param stalledMillis for how long it got nothing done although there is work
  /// @param problem why it reads nothing, if so
  /// @param unfit why it could not lead now, if so
  public record Self(
      String id,
      String name,
      String address,
      String role,
      long sequence,
      @Nullable Long lagMillis,
      @Nullable Long stalledMillis,
      @Nullable String problem,
      @Nullable String unfit,
      @Nullable End lastTerm) {}
}
