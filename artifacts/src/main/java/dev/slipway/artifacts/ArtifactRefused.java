package dev.slipway.artifacts;

import java.io.IOException;

/// An upload that the store does not take, for a reason that its sender can mend.
public final class ArtifactRefused extends IOException {
  private static final long serialVersionUID = 1;

  public enum Reason {
    /// The name is not one (HTTP 422).
    NAME,
    /// The artifact is larger than one may be (HTTP 413).
    TOO_LARGE,
    /// The store's total would grow past its limit (HTTP 507).
    STORE_FULL,
    /// Too many uploads run at once (HTTP 503).
    BUSY
  }

  private final Reason reason;

  public ArtifactRefused(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
