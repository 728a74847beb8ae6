package dev.slipway.core.app;

import java.time.Duration;
import java.util.Optional;

/// How an update of an app is carried through: when a new instance counts, and what happens when
/// nothing moves any more.
///
/// @param progressDeadline a deployment fails when no further instance of the app became ready for
///     this long; without one it waits for ever, as Marathon does
/// @param onFailure what follows then
public record Rollout(
    Optional<ReadinessCheck> readinessCheck,
    Optional<Duration> progressDeadline,
    OnFailure onFailure) {
  public static final Rollout DEFAULT =
      new Rollout(Optional.empty(), Optional.empty(), OnFailure.NONE);

  /// What follows when a deployment fails.
  public enum OnFailure {
    /// Another deployment changes back what this one changed.
    ROLLBACK,
    /// Everything stays as it is, and no further instance is replaced, until somebody decides.
    PAUSE,
    /// It is only said, and the deployment goes on.
    NONE
  }
}
