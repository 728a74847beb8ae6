package dev.slipway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// A certificate that vouches for itself, and its key, as the PEM files that PostgreSQL takes.
///
/// @param certificate a file, which is also the authority that clients are given
/// @param key a file
public record ServerCertificate(Path certificate, Path key) {
  private static final String PASSWORD = "test-only";
  private static final String ALIAS = "server";
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  /// Makes one in this directory.
  ///
  /// @param host the one name that it is for
  public static ServerCertificate make(Path directory, String host)
      throws IOException, GeneralSecurityException {
    Path store = directory.resolve(host + ".p12");
    generate(store, host);
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
    return new ServerCertificate(
        write(
            directory.resolve(host + ".crt"),
            "CERTIFICATE",
            keys.getCertificate(ALIAS).getEncoded()),
        write(directory.resolve(host + ".key"), "PRIVATE KEY", key));
  }

  private static void generate(Path store, String host) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "SAN=dns:" + host,
                "-ext",
                "BC=ca:true",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool failed: " + said);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stop);
    }
  }

  private static Path write(Path file, String kind, byte[] content) throws IOException {
    String text =
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(kind, LINES.encodeToString(content));
    return Files.writeString(file, text);
  }
}
