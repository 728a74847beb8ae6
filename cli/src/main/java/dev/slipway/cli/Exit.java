package dev.slipway.cli;

/// What the command's exit code says. The numbers are a promise to scripts: never renumber them.
public enum Exit {
  OK(0, "what was asked for came about"),
  FAILED(1, "it did not come about: a failed deployment, a timeout"),
  USAGE(2, "wrong usage: an unknown option, a file that cannot be understood"),
  NOT_FOUND(3, "no such app, task, node, version or deployment"),
  REFUSED(4, "the server refused: invalid, locked by a deployment, or not allowed"),
  UNAVAILABLE(5, "no server answers, or it cannot take writes now"),
  DETACHED(130, "interrupted with Ctrl-C; what was begun at the server goes on");

  private final int code;
  private final String meaning;

  Exit(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }
}
