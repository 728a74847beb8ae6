package dev.slipway.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of the token that clients must know. The token itself is kept nowhere. A plain hash
/// is enough, since tokens are 256 random bits and not words that somebody could try.
public final class TokenHash {
  private static final int BYTES = 32;

  private final byte[] bytes;

  private TokenHash(byte[] bytes) {
    this.bytes = bytes;
  }

  public static TokenHash of(String token) {
    return new TokenHash(sha256(token));
  }

  /// Reads what {@link #hex} gives.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static TokenHash ofHex(String hex) {
    byte[] read = HexFormat.of().parseHex(hex);
    if (read.length != BYTES) {
      throw new IllegalArgumentException("a SHA-256 has " + BYTES + " bytes");
    }
    return new TokenHash(read);
  }

  String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /// Whether this is the hash of `presented`. Takes the same time wherever they differ.
  public boolean matches(String presented) {
    return MessageDigest.isEqual(bytes, sha256(presented));
  }

  @Override
  public String toString() {
    return "***";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
