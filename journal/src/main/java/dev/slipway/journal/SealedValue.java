package dev.slipway.journal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A value that the platform keeps for its apps, encrypted: what it says, only the holder of its
/// key can tell.
///
/// @param key the id of the key that it is sealed with
/// @param revision how often it was written, from 1; whoever replaces it tells which one was read
/// @param created in whole milliseconds, as is `changed`
/// @param changed when it last got another content; sealing it anew with another key is no change
/// @param body the sealed bytes as text
public record SealedValue(
    String name, String key, long revision, Instant created, Instant changed, String body) {
  /// A value that is to be stored; the table gives it its revision.
  public static SealedValue of(String name, String key, String body, Instant at) {
    return new SealedValue(name, key, 0, at, at, body);
  }

  /// The same content sealed with another key.
  public SealedValue resealed(String otherKey, String otherBody) {
    return new SealedValue(name, otherKey, revision, created, changed, otherBody);
  }

  SealedValue following(SealedValue before) {
    return new SealedValue(name, key, before.revision + 1, before.created, changed, body);
  }

  /// Whether what is stored holds the same sealed bytes: no two sealings give the same ones.
  boolean isContentOf(SealedValue stored) {
    return key.equals(stored.key) && body.equals(stored.body);
  }

  boolean isRevisionOf(SealedValue stored) {
    return revision == stored.revision;
  }

  long crc() {
    byte[] text = (name + "\n" + key + "\n" + body).getBytes(StandardCharsets.UTF_8);
    return Tables.crc(text, revision, created.toEpochMilli(), changed.toEpochMilli());
  }
}
