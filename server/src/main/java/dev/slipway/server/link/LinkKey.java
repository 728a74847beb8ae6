package dev.slipway.server.link;

import dev.slipway.server.file.OwnerOnlyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key that links are signed with (HMAC-SHA-256), in a file that its owner alone may read.
///
/// It is made at the first start. Whoever removes the file ends all links at the next start; tasks
/// that were about to fetch by one fail to start and are started anew.
///
/// Any thread may call.
public final class LinkKey {
  public static final String NAME = "link.key";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;
  private static final int MAX_FILE_BYTES = 1024;
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);

  private final SecretKeySpec key;

  private LinkKey(byte[] bytes) {
    key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /// Reads the key of a data directory, or makes one.
  ///
  /// @throws IOException when the file is damaged, or others may read it
  public static LinkKey in(Path data) throws IOException {
    Path file = data.resolve(NAME);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new LinkKey(read(file));
    }
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    String line = Base64.getEncoder().encodeToString(bytes) + "\n";
    OwnerOnlyFile.write(file, line.getBytes(StandardCharsets.US_ASCII));
    return new LinkKey(bytes);
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) > MAX_FILE_BYTES) {
      throw damaged(file);
    }
    if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
      throw new IOException(
          file + " can be read by others than its owner; remove it to have a new key made");
    }
    try {
      byte[] bytes =
          Base64.getDecoder().decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
      if (bytes.length == BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException notBase64) {
      // Told below.
    }
    throw damaged(file);
  }

  private static IOException damaged(Path file) {
    return new IOException(file + " does not hold a key; remove it to have a new one made");
  }

  /// 43 letters, digits, `-` and `_`.
  String sign(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /// Takes as long for any wrong signature.
  boolean signed(String text, String signature) {
    return MessageDigest.isEqual(
        sign(text).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
  }
}
