package dev.slipway.server.api;

import java.nio.charset.StandardCharsets;

/// A part of a file as text that begins and ends between two characters.
///
/// @param text what is not UTF-8 is replaced by U+FFFD
/// @param length how many bytes of the part it stands for
public record Utf8Piece(String text, int length) {
  private static final int MAX_CHARACTER_BYTES = 4;

  /// Leaves out a character at the end that is not whole yet, unless there is nothing else: whoever
  /// reads on must get on.
  public static Utf8Piece of(byte[] bytes) {
    int length = bytes.length - unfinished(bytes);
    if (length == 0) {
      length = bytes.length;
    }
    return new Utf8Piece(new String(bytes, 0, length, StandardCharsets.UTF_8), length);
  }

  /// How many bytes at the end begin a character without ending it.
  private static int unfinished(byte[] bytes) {
    for (int back = 1; back < MAX_CHARACTER_BYTES && back <= bytes.length; back++) {
      int unsigned = bytes[bytes.length - back] & 0xff;
      boolean goesOn = unsigned >= 0x80 && unsigned < 0xc0;
      if (!goesOn) {
        return needed(unsigned) > back ? back : 0;
      }
    }
    return 0;
  }

  private static int needed(int first) {
    if (first >= 0xf0 && first < 0xf8) {
      return 4;
    }
    if (first >= 0xe0 && first < 0xf0) {
      return 3;
    }
    return first >= 0xc0 && first < 0xe0 ? 2 : 1;
  }
}
