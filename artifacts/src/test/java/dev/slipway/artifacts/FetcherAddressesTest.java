package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FetcherAddressesTest {
  private static final byte[] BODY = randomBytes(300_000);

  @TempDir Path directory;

  private Workbench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new Workbench(directory);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private void assertFetched(String name, byte[] content) throws IOException {
    assertThat(bench.sandbox.resolve(name)).hasBinaryContent(content);
    bench.assertNothingLeft();
  }

  @Test
  void redirectsAreFollowedButNotInCircles() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              switch (request.path()) {
                case "/a" -> TestOrigin.status(out, "302 Found", "Location: b?key=1");
                case "/b?key=1" -> TestOrigin.ok(out, BODY);
                case "/nowhere" -> TestOrigin.status(out, "301 Moved");
                default -> TestOrigin.status(out, "307 Temporary Redirect", "Location: /loop");
              }
            })) {
      bench.fetch(Fetch.of(origin.uri("/a")));
      assertFetched("a", BODY);
      origin.requests.clear();

      assertThat(bench.failureOf(Fetch.of(origin.uri("/loop"))))
          .contains("redirects more than 5 times");
      assertThat(origin.requests).hasSize(6);
      assertThat(bench.failureOf(Fetch.of(origin.uri("/nowhere"))))
          .contains("does not say where to");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/x",
        "http://0/x",
        "http://2852039166/latest/",
        "http://0xa9fea9fe/latest/",
        "http://0251.0376.0251.0376/x",
        "http://224.0.0.1/x",
        "http://100.100.100.200/x"
      })
  void addressesOfMetadataAreRefusedInWhateverSpelling(String uri) throws Exception {
    String named = uri.endsWith("/") ? uri + "x" : uri;
    assertThat(bench.failureOf(Fetch.of(named)))
        .containsAnyOf("the address is refused", "no valid host", "the host is not known");
    try (var origin =
        new TestOrigin((request, out) -> TestOrigin.status(out, "302 Found", "Location: " + uri))) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x"))))
          .containsAnyOf("the address is refused", "no valid host", "the host is not known");
    }
  }

  @Test
  void aRedirectToMetadataIsRefusedByItsAddress() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) ->
                TestOrigin.status(out, "302 Found", "Location: http://169.254.169.254/latest/x"))) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x"))))
          .contains("169.254.169.254, a link-local or cloud metadata address");
    }
  }

  @Test
  void theAddressThatWasJudgedIsTheOneConnectedTo() throws Exception {
    var lookups = new AtomicInteger();
    // As a rebinding name server does: harmless at first, then the machine's metadata.
    bench.lookup =
        host -> {
          assertThat(host).isEqualTo("artifacts.test");
          String address = lookups.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254";
          return new InetAddress[] {InetAddress.ofLiteral(address)};
        };
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              TestOrigin.head(out, "200 OK", BODY.length, "ETag: \"v1\"");
              out.write(BODY, 0, request.path().equals("/whole") ? BODY.length : 100_000);
            })) {
      String host = "http://artifacts.test:" + origin.port();
      bench.fetch(Fetch.of(host + "/whole"));
      assertThat(lookups).hasValue(1);
      assertThat(origin.requests.getFirst().header("Host"))
          .contains("artifacts.test:" + origin.port());

      lookups.set(0);
      // The connection breaks, and the next one looks the name up again.
      assertThat(bench.failureOf(Fetch.of(host + "/broken"))).contains("the address is refused");
      assertThat(lookups).hasValue(2);
    }
  }

  @Test
  void aHostWithOneForbiddenAddressAmongOthersIsRefused() throws Exception {
    bench.lookup =
        host ->
            new InetAddress[] {
              InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("169.254.169.254")
            };

    assertThat(bench.failureOf(Fetch.of("http://both.test/x"))).contains("the address is refused");
  }

  @Test
  void loopbackIsRefusedWhenThePolicySaysSo() throws Exception {
    bench.policy = bench.policy.withAddresses(new AddressPolicy(false, true, false));
    try (var origin = TestOrigin.serving(BODY)) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains("a loopback address");
      assertThat(origin.requests).isEmpty();
    }
  }

  @Test
  void credentialsAreSentToTheirOriginAndNeverTold() throws Exception {
    try (var other = new TestOrigin((request, out) -> TestOrigin.status(out, "404 Not Found"));
        var origin =
            new TestOrigin(
                (request, out) -> {
                  switch (request.path()) {
                    case "/leave?sig=hunter4" ->
                        TestOrigin.status(
                            out, "302 Found", "Location: " + other.uri("/x?token=hunter3"));
                    case "/stay?sig=hunter4" ->
                        TestOrigin.status(out, "302 Found", "Location: /end");
                    default -> TestOrigin.status(out, "500 Oops");
                  }
                })) {
      String host = "http://joe:hunter2@127.0.0.1:" + origin.port();
      List<String> failures =
          List.of(
              bench.failureOf(Fetch.of(host + "/leave?sig=hunter4")),
              bench.failureOf(Fetch.of(host + "/stay?sig=hunter4")),
              bench.failureOf(Fetch.of(host + "/a b?sig=hunter4")));

      assertThat(failures).allSatisfy(failure -> assertThat(failure).doesNotContain("hunter"));
      String basic = "Basic " + Base64.getEncoder().encodeToString("joe:hunter2".getBytes(UTF_8));
      assertThat(origin.requests)
          .allSatisfy(request -> assertThat(request.header("Authorization")).contains(basic));
      assertThat(other.requests)
          .isNotEmpty()
          .allSatisfy(request -> assertThat(request.header("Authorization")).isEmpty());
    }
  }

  @Test
  void thePlatformsOwnServerIsAskedWhateverItsAddressAndNobodyElse() throws Exception {
    try (var platform = TestOrigin.serving(BODY);
        var other = TestOrigin.serving(BODY);
        var redirecting =
            new TestOrigin(
                (request, out) ->
                    TestOrigin.status(out, "302 Found", "Location: " + other.uri("/b")))) {
      bench.policy =
          FetchPolicy.forSharedMachines()
              .withPatience(Workbench.IMPATIENT)
              .withAddresses(new AddressPolicy(false, false, false))
              .withPlatform(Optional.of(URI.create(platform.uri(""))));
      bench.fetch(Fetch.of(platform.uri("/a")));
      assertFetched("a", BODY);
      assertThat(bench.failureOf(Fetch.of(other.uri("/b")))).contains("a loopback address");
      bench.policy = bench.policy.withPlatform(Optional.of(URI.create(redirecting.uri(""))));
      bench.restart();
      assertThat(bench.failureOf(Fetch.of(redirecting.uri("/c")))).contains("a loopback address");
      assertThat(other.requests).isEmpty();
    }
  }
}
