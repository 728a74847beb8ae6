package dev.slipway.core.leadership;

/// What a server is in elections.
public enum Role {
  /// Another one leads, or nobody that is known.
  FOLLOWING,
  /// It would lead, and waits: after a term that ended, or until it could lead.
  RESTING,
  /// The lease is free, and it is about to take it.
  CONTENDING,
  /// It has the lease, and its term takes no writes yet.
  STARTING,
  LEADING,
  /// Its term is over, and its parts come to their end.
  ENDING,
  /// It does not stand any more.
  STOPPED
}
