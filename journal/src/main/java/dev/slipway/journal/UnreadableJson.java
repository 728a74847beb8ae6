package dev.slipway.journal;

/// Text that does not say what this format says. It tells the place and never the values, which may
/// be secrets; for the same reason it keeps no cause.
public final class UnreadableJson extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnreadableJson(String message) {
    super(message);
  }
}
