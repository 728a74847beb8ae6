package dev.slipway.artifacts;

import java.io.IOException;

/// Something about an artifact that a person is told in one line. Its message never holds
/// credentials, nor the query of an address.
final class ArtifactProblem extends IOException {
  private static final long serialVersionUID = 1;

  ArtifactProblem(String message) {
    super(message);
  }
}
