package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetcherProxyTest {
  private static final byte[] TEXT = "text".getBytes(UTF_8);

  @TempDir Path directory;

  private Workbench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new Workbench(directory);
    bench.lookup =
        host -> {
          throw new UnknownHostException(host);
        };
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private void through(String variable, String value) {
    bench.policy = bench.policy.withProxies(WebProxies.of(Map.of(variable, value)));
  }

  /// Asks for credentials, and serves whoever brings them.
  private static void guarded(TestOrigin.Request request, OutputStream out) throws IOException {
    String pair = Base64.getEncoder().encodeToString("joe:hunter2".getBytes(UTF_8));
    if (request.header("Proxy-Authorization").filter(("Basic " + pair)::equals).isPresent()) {
      TestOrigin.ok(out, TEXT);
    } else {
      TestOrigin.status(out, "407 Who", "Proxy-Authenticate: Basic realm=\"proxy\"");
    }
  }

  @Test
  void aProxyIsAskedForTheWholeAddressOfAHostThatOnlyItKnows() throws Exception {
    try (var proxy = TestOrigin.serving(TEXT)) {
      through("http_proxy", "127.0.0.1:" + proxy.port());

      bench.fetch(Fetch.of("http://internal.example:81/x"));

      assertThat(bench.files()).containsExactly(entry("x", "text"));
      assertThat(proxy.requests.getFirst().path()).isEqualTo("http://internal.example:81/x");
    }
  }

  @Test
  void aProxyThatAsksForCredentialsIsGivenThoseOfItsAddress() throws Exception {
    try (var proxy = new TestOrigin(FetcherProxyTest::guarded)) {
      through("http_proxy", "http://joe:hunter2@127.0.0.1:" + proxy.port());
      bench.fetch(Fetch.of("http://internal.example/x"));
      assertThat(bench.files()).containsExactly(entry("x", "text"));

      bench.policy =
          bench.policy.withProxies(
              WebProxies.of(Map.of("http_proxy", "http://joe:no@127.0.0.1:" + proxy.port())));
      bench.restart();
      assertThat(bench.failureOf(Fetch.of("http://internal.example/y")))
          .contains("the proxy's credentials are missing or wrong");
    }
  }

  @Test
  void httpsGoesThroughATunnelWhoseRefusalIsTold() throws Exception {
    try (var proxy = new TestOrigin((request, out) -> TestOrigin.status(out, "403 Not to there"))) {
      through("https_proxy", "127.0.0.1:" + proxy.port());

      String failure = bench.failureOf(Fetch.of("https://internal.example/x"));

      assertThat(failure).contains("could not fetch https://internal.example/x");
      assertThat(proxy.requests.getFirst().path()).isEqualTo("internal.example:443");
    }
  }

  @Test
  void whatNoProxyNamesIsAskedDirectly() throws Exception {
    try (var proxy = TestOrigin.serving(TEXT);
        var origin = TestOrigin.serving("direct".getBytes(UTF_8))) {
      bench.lookup = java.net.InetAddress::getAllByName;
      bench.policy =
          bench.policy.withProxies(
              WebProxies.of(
                  Map.of("http_proxy", "127.0.0.1:" + proxy.port(), "no_proxy", "127.0.0.0/8")));

      bench.fetch(Fetch.of(origin.uri("/x")));

      assertThat(bench.files()).containsExactly(entry("x", "direct"));
      assertThat(proxy.requests).isEmpty();
    }
  }

  @Test
  void aRefusedAddressStaysRefusedBehindAProxy() throws Exception {
    bench.lookup = java.net.InetAddress::getAllByName;
    try (var proxy = TestOrigin.serving(TEXT)) {
      through("all_proxy", "127.0.0.1:" + proxy.port());

      assertThat(bench.failureOf(Fetch.of("http://169.254.169.254/x"))).contains("is refused");
      assertThat(proxy.requests).isEmpty();
    }
  }
}
