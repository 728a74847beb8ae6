package dev.slipway.cli;

/// What a word means to the person who reads it, shown as a colour where colours are wanted.
public enum Tone {
  PLAIN(""),
  GOOD("\u001b[32m"),
  BUSY("\u001b[33m"),
  BAD("\u001b[31m"),
  QUIET("\u001b[2m"),
  TITLE("\u001b[1m");

  private static final String RESET = "\u001b[0m";

  private final String code;

  Tone(String code) {
    this.code = code;
  }

  String paint(String text) {
    return code.isEmpty() || text.isEmpty() ? text : code + text + RESET;
  }

  /// The tone of a state's word as the server says it.
  static Tone of(String word) {
    return switch (word) {
      case "running", "ready", "healthy", "succeeded", "yes", "ok" -> GOOD;
      case "unhealthy", "failed", "unreachable", "cancelled", "rolledBack", "lost", "no" -> BAD;
      case "scheduled",
          "provisioned",
          "staging",
          "killing",
          "draining",
          "waiting",
          "deploying",
          "superseded",
          "degraded",
          "starting",
          "delayed" ->
          BUSY;
      case "-", "?" -> QUIET;
      default -> PLAIN;
    };
  }
}
