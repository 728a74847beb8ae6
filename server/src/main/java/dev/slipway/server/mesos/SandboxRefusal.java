package dev.slipway.server.mesos;

/// What Mesos answers to a request for files that it does not grant: a status and plain text. It is
/// no fault, so it carries no stack trace.
final class SandboxRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  SandboxRefusal(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  static SandboxRefusal badRequest(String sentence) {
    return new SandboxRefusal(400, sentence + ".\n");
  }

  static SandboxRefusal missing() {
    return new SandboxRefusal(404, "");
  }

  int status() {
    return status;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
