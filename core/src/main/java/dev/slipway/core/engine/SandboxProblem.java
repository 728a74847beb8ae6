package dev.slipway.core.engine;

import java.io.IOException;

/// A path of a sandbox that cannot be looked at; the message is for the user who asked.
public final class SandboxProblem extends IOException {
  private static final long serialVersionUID = 1;

  public enum Kind {
    MISSING,
    REFUSED,
    NOT_A_FILE,
    NOT_A_DIRECTORY
  }

  private final Kind kind;

  public SandboxProblem(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
