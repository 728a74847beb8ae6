package dev.slipway.core.app;

import java.time.Instant;

/// A version of an app.
public record App(AppSpec spec, VersionInfo versions) {
  public PathId id() {
    return spec.id();
  }

  public Instant version() {
    return versions.version();
  }

  public Instant generation() {
    return versions.generation();
  }

  /// The version that follows this one when the owner asks for `next` at `at`; this one when
  /// nothing changed.
  public App revised(AppSpec next, Instant at) {
    if (next.equals(spec)) {
      return this;
    }
    if (next.scheduling().equals(spec.scheduling())
        && next.equals(spec.withInstances(next.instances()))) {
      return new App(next, versions.scaled(at));
    }
    return new App(
        next, next.launchesLike(spec) ? versions.changedInPlace(at) : VersionInfo.first(at));
  }
}
