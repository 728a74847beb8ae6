package dev.slipway.server.http;

import java.io.IOException;

/// A body that turned out to be too large or too slow while it was read. Reading handlers let it
/// pass: the server answers with its refusal.
final class BodyRefused extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  BodyRefused(Refusal refusal) {
    super(refusal.getMessage());
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
