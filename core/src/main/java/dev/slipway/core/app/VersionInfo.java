package dev.slipway.core.app;

import java.time.Instant;

/// The times that name an app's versions, to the millisecond and rising within the platform.
///
/// @param version the version itself: the time of the last change of any kind
/// @param lastScalingAt the last change of the number of instances, or any later kind of change
/// @param lastConfigChangeAt the last change of anything but the number of instances
/// @param generation the last change after which running instances have to be replaced; instances
/// keep
///     the generation they were launched with
public record VersionInfo(
    Instant version, Instant lastScalingAt, Instant lastConfigChangeAt, Instant generation) {
  public static VersionInfo first(Instant at) {
    return new VersionInfo(at, at, at, at);
  }

  public VersionInfo scaled(Instant at) {
    return new VersionInfo(at, at, lastConfigChangeAt, generation);
  }

  /// After a change that running instances may keep running through.
  public VersionInfo changedInPlace(Instant at) {
    return new VersionInfo(at, at, at, generation);
  }

  public VersionInfo restarted(Instant at) {
    return new VersionInfo(at, at, lastConfigChangeAt, at);
  }
}
