package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A name that is looked up once and connected to by address keeps its name in TLS.
@Timeout(60)
class FetcherTlsTest {
  private static final char[] PASSWORD = "test-only".toCharArray();

  @TempDir static Path keys;
  private static SSLContext trusted;

  @TempDir Path directory;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = keys.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=artifacts.test",
                "-ext",
                "SAN=dns:artifacts.test",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    trusted = contextOf(store);
  }

  private static SSLContext contextOf(Path store) throws GeneralSecurityException, IOException {
    var keyStore = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keyStore.load(in, PASSWORD);
    }
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keyStore, PASSWORD);
    var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(keyStore);
    var context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }

  private static HostLookup everythingHere() {
    return host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
  }

  @Test
  void theNameIsCheckedAgainstTheCertificateAndTheAddressIsTheJudgedOne() throws Exception {
    try (var bench = new Workbench(directory);
        var origin =
            new TestOrigin(
                (request, out) -> TestOrigin.ok(out, "secret".getBytes(UTF_8)),
                trusted.getServerSocketFactory())) {
      bench.lookup = everythingHere();
      bench.tls = new DefaultClientTlsStrategy(trusted);

      bench.fetch(Fetch.of("https://artifacts.test:" + origin.port() + "/x"));
      assertThat(bench.files()).containsEntry("x", "secret");

      assertThat(bench.failureOf(Fetch.of("https://other.test:" + origin.port() + "/x")))
          .containsAnyOf("no trusted TLS connection", "certificate is for another host");
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    try (var bench = new Workbench(directory);
        var origin =
            new TestOrigin(
                (request, out) -> TestOrigin.ok(out, "secret".getBytes(UTF_8)),
                trusted.getServerSocketFactory())) {
      bench.lookup = everythingHere();

      assertThat(bench.failureOf(Fetch.of("https://artifacts.test:" + origin.port() + "/x")))
          .contains("no trusted TLS connection");
      assertThat(origin.requests).isEmpty();
    }
  }

  @Test
  void aRedirectFromHttpsToHttpIsRefused() throws Exception {
    try (var bench = new Workbench(directory);
        var origin =
            new TestOrigin(
                (request, out) ->
                    TestOrigin.status(out, "302 Found", "Location: http://artifacts.test/x"),
                trusted.getServerSocketFactory())) {
      bench.lookup = everythingHere();
      bench.tls = new DefaultClientTlsStrategy(trusted);

      assertThat(bench.failureOf(Fetch.of("https://artifacts.test:" + origin.port() + "/x")))
          .contains("redirects from https to http");
    }
  }
}
