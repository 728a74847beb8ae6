package dev.slipway.engine.kubernetes.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// A key to sign the tokens of service accounts with, which an API server demands.
final class ServiceAccountKey {
  private static final int BITS = 2048;

  private ServiceAccountKey() {}

  /// Writes one, as PEM; kube-apiserver reads its public half from the same file.
  static Path write(Path directory) throws IOException {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
      String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encoded);
      return Files.writeString(
          directory.resolve("service-account.key"),
          "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
