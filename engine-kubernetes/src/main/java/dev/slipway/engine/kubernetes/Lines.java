package dev.slipway.engine.kubernetes;

/// Texts of others, made fit for one line of a message.
final class Lines {
  private Lines() {}

  /// The text on one line of at most so many characters.
  static String one(String text, int longest) {
    String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ").replaceAll("\\p{Cntrl}", " ");
    return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
  }

  /// The last line that says something.
  static String last(String text, int longest) {
    String stripped = text.strip();
    return one(stripped.substring(stripped.lastIndexOf('\n') + 1), longest);
  }
}
