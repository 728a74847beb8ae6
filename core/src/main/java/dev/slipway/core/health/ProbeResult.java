package dev.slipway.core.health;

import java.time.Instant;

/// What one probe of one health check came to.
public sealed interface ProbeResult {
  /// The instance answered that it is well.
  record Success(Instant at) implements ProbeResult {}

  /// It did not; `cause` is a line for people.
  record Failure(Instant at, String cause) implements ProbeResult {}

  /// The answer says nothing, such as HTTP 100 to 199 where the check ignores them.
  record Ignored() implements ProbeResult {}
}
