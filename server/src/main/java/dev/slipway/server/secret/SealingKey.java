package dev.slipway.server.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A key that values are sealed with: AES-256 in Galois/counter mode (NIST SP 800-38D), with a
/// random nonce of 96 bits for each value. The name of the secret and the id of the key are
/// authenticated with it, so that a value does not open under another name.
///
/// Random nonces are safe for 2^32 values a key; a store that changed a secret every second would
/// need 136 years for it.
final class SealingKey {
  static final int BYTES = 32;
  private static final int ID_BYTES = 8;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String CONTEXT = "slipway secret 1";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] key;
  private final String id;

  /// @param key [#BYTES] of them
  SealingKey(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes");
    }
    this.key = key.clone();
    this.id = idOf(key);
  }

  static SealingKey random() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return new SealingKey(key);
  }

  /// 16 hexadecimal digits that follow from the key, so that a key file can be seen to be damaged.
  String id() {
    return id;
  }

  /// The key as a line of the key file has it.
  String encoded() {
    return Base64.getEncoder().encodeToString(key);
  }

  /// The sealed value as text: the nonce, the encrypted bytes and their tag.
  String seal(SecretName name, byte[] value) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(value);
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
      System.arraycopy(encrypted, 0, sealed, NONCE_BYTES, encrypted.length);
      return Base64.getEncoder().encodeToString(sealed);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has AES in Galois/counter mode", impossible);
    }
  }

  /// The value, or nothing when it was not sealed like this: by another key, for another name, or
  /// changed since.
  Optional<byte[]> open(SecretName name, String sealed) {
    try {
      byte[] bytes = Base64.getDecoder().decode(sealed);
      if (bytes.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
        return Optional.empty();
      }
      byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, name, nonce)
              .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
    } catch (IllegalArgumentException | GeneralSecurityException notSealedLikeThis) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, SecretName name, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    String authenticated = CONTEXT + "\n" + name.value() + "\n" + id;
    cipher.updateAAD(authenticated.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static String idOf(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("slipway key id\n".getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(key), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  @Override
  public String toString() {
    return "key " + id;
  }
}
