package dev.slipway.server.probe;

/// What a status check last said (Marathon's `checkResult`). It has no other effect.
public sealed interface CheckResult {
  /// The status of the answer.
  record Http(int statusCode) implements CheckResult {}

  /// Whether a connection could be opened.
  record Tcp(boolean succeeded) implements CheckResult {}

  /// How the command ended.
  record Exec(int exitCode) implements CheckResult {}
}
