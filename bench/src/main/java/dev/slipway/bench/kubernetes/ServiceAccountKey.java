package dev.slipway.bench.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The key that an API server wants to sign tokens with, though nobody asks for any here.
final class ServiceAccountKey {
  private static final int BITS = 2_048;
  private static final int LINE = 64;

  private ServiceAccountKey() {}

  /// @return the file, in PEM
  static Path make(Path directory) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
      String text = Base64.getMimeEncoder(LINE, newline).encodeToString(key);
      return Files.writeString(
          directory.resolve("service-account.key"),
          "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
