package dev.slipway.core.deployment;

import dev.slipway.core.app.PathId;

/// What a deployment does to one app.
public record Action(Kind kind, PathId app) {
  public enum Kind {
    /// Makes a new app known, with no instances yet.
    START("StartApplication"),
    /// Ends all instances and forgets the app.
    STOP("StopApplication"),
    /// Brings the number of instances to what the new version wants.
    SCALE("ScaleApplication"),
    /// Replaces all instances by ones of the new version.
    RESTART("RestartApplication");

    private final String marathonName;

    Kind(String marathonName) {
      this.marathonName = marathonName;
    }

    /// The name in Marathon's API.
    public String marathonName() {
      return marathonName;
    }
  }
}
