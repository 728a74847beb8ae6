package dev.slipway.artifacts;

import java.util.Optional;
import java.util.regex.Pattern;

/// An artifact in the store.
///
/// @param sha256 of its bytes, 64 lower-case hexadecimal digits: its identity
/// @param size in bytes
/// @param name what it is called at the moment; a name moves on when it is put again
public record StoredArtifact(String sha256, long size, Optional<String> name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /// Whether a text can name an artifact: letters, digits, `.`, `_` and `-`, at most 128 of them,
  /// the first neither `.` nor `-`.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /// Whether a text is a checksum as Slipway writes them. No name may look like one.
  public static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }
}
