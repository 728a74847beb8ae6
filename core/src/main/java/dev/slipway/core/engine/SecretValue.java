package dev.slipway.core.engine;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The value of a secret in the clear, on its way to the task that asked for it. It is never
/// recorded, logged or put into a message, so its text form is a mask; only [#bytes] and [#text]
/// give the value away.
public final class SecretValue {
  private static final String MASK = "***";

  private final byte[] bytes;

  private SecretValue(byte[] bytes) {
    this.bytes = bytes;
  }

  public static SecretValue of(byte[] bytes) {
    return new SecretValue(bytes.clone());
  }

  public static SecretValue of(String text) {
    return new SecretValue(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A copy of the value, as a file should hold it.
  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  /// The value as an environment variable can hold it: nothing when it is not UTF-8 or holds a NUL.
  public Optional<String> text() {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  /// Takes the same time wherever two values of one length differ.
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof SecretValue value) || bytes.length != value.bytes.length) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < bytes.length; i++) {
      difference |= bytes[i] ^ value.bytes[i];
    }
    return difference == 0;
  }

  /// The same for all values, so that a hash tells nothing about one.
  @Override
  public int hashCode() {
    return MASK.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }
}
