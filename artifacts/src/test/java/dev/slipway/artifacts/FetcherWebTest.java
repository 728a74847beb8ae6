package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FetcherWebTest {
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
  void aFileLandsUnderTheLastPartOfItsPath() throws Exception {
    try (var origin = TestOrigin.serving(BODY)) {
      bench.fetch(Fetch.of(origin.uri("/a/b/c.bin?version=3")));

      assertFetched("c.bin", BODY);
      assertThat(bench.mode("c.bin")).isEqualTo("rw-r--r--");
      assertThat(origin.requests.getFirst().path()).isEqualTo("/a/b/c.bin?version=3");
      assertThat(origin.requests.getFirst().header("Host")).contains("127.0.0.1:" + origin.port());
    }
  }

  @Test
  void allArtifactsLandOrNone() throws Exception {
    try (var origin =
        TestOrigin.byPath(path -> path.equals("/missing") ? Optional.empty() : Optional.of(BODY))) {
      String failure =
          bench.failureOf(Fetch.of(origin.uri("/first")), Fetch.of(origin.uri("/missing")));

      assertThat(failure)
          .isEqualTo("could not fetch " + origin.uri("/missing") + ": the server answered 404");
      assertThat(bench.files()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404 Not Found, 404",
    "401 Unauthorized, credentials",
    "403 Forbidden, credentials",
    "204 No Content, 204",
    "304 Not Modified, 304",
    "400 Bad Request, 400"
  })
  void whatTheServerDecidedIsNotAskedAgain(String status, String told) throws Exception {
    try (var origin = new TestOrigin((request, out) -> TestOrigin.status(out, status))) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains(told);
      assertThat(origin.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"500 Oops", "502 Bad Gateway", "503 Unavailable", "429 Too Many Requests"})
  void whatMayPassIsAskedAgainAndNotForEver(String status) throws Exception {
    try (var never =
            new TestOrigin((request, out) -> TestOrigin.status(out, status, "Retry-After: 86400"));
        var once =
            new TestOrigin(
                (request, out) -> {
                  if (request.number() == 1) {
                    TestOrigin.status(out, status);
                  } else {
                    TestOrigin.ok(out, BODY);
                  }
                })) {
      assertThat(bench.failureOf(Fetch.of(never.uri("/x")))).contains("tried 3 times");
      assertThat(never.requests).hasSize(3);

      bench.fetch(Fetch.of(once.uri("/x")));
      assertFetched("x", BODY);
    }
  }

  @Test
  void aRefusedConnectionIsTold() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(bench.failureOf(Fetch.of("http://127.0.0.1:" + port + "/x")))
        .contains("the connection was refused (tried 3 times)");
  }

  @Test
  void anUnknownHostIsTold() throws Exception {
    bench.lookup =
        host -> {
          throw new UnknownHostException(host);
        };

    assertThat(bench.failureOf(Fetch.of("http://nowhere.invalid/x")))
        .contains("the host is not known");
  }

  @Test
  void aBrokenConnectionIsTakenUpWhereItBroke() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              if (request.number() == 1) {
                TestOrigin.head(out, "200 OK", BODY.length, "ETag: \"v1\"");
                out.write(BODY, 0, 100_000);
                return;
              }
              int from = startOfRange(request);
              TestOrigin.head(
                  out,
                  "206 Partial Content",
                  BODY.length - from,
                  "ETag: \"v1\"",
                  "Content-Range: bytes %d-%d/%d".formatted(from, BODY.length - 1, BODY.length));
              out.write(BODY, from, BODY.length - from);
            })) {
      bench.fetch(Fetch.of(origin.uri("/x")));

      assertFetched("x", BODY);
      assertThat(origin.requests).hasSize(2);
      assertThat(origin.requests.get(1).header("If-Range")).contains("\"v1\"");
      assertThat(startOfRange(origin.requests.get(1))).isEqualTo(100_000);
    }
  }

  private static int startOfRange(TestOrigin.Request request) {
    String range = request.header("Range").orElseThrow();
    return Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
  }

  @Test
  void aChangedFileIsReadFromItsStart() throws Exception {
    byte[] changed = "changed".getBytes(UTF_8);
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              if (request.number() == 1) {
                TestOrigin.head(out, "200 OK", BODY.length, "ETag: \"v1\"");
                out.write(BODY, 0, 100_000);
              } else {
                // The server honours If-Range: all of the new version.
                TestOrigin.ok(out, changed, "ETag: \"v2\"");
              }
            })) {
      bench.fetch(Fetch.of(origin.uri("/x")));

      assertFetched("x", changed);
    }
  }

  @Test
  void aPartThatWasNotAskedForIsNotTaken() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              switch (request.number()) {
                case 1 -> {
                  TestOrigin.head(out, "200 OK", BODY.length, "ETag: \"v1\"");
                  out.write(BODY, 0, 100_000);
                }
                case 2 -> {
                  TestOrigin.head(
                      out, "206 Partial Content", 10, "Content-Range: bytes 5-14/300000");
                  out.write(BODY, 5, 10);
                }
                default -> TestOrigin.ok(out, BODY);
              }
            })) {
      bench.fetch(Fetch.of(origin.uri("/x")));

      assertFetched("x", BODY);
      assertThat(origin.requests.get(2).header("Range")).isEmpty();
    }
  }

  @Test
  void aBodyThatIsAlwaysShorterThanToldIsAnError() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              TestOrigin.head(out, "200 OK", 1000);
              out.write(new byte[999]);
            })) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains("the connection broke");
      assertThat(origin.requests).hasSize(3);
    }
  }

  @Test
  void aChunkedBodyThatIsCutOffIsAnError() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) ->
                out.write(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
                        .getBytes(ISO_8859_1)))) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains("the connection broke");
    }
  }

  @Test
  void aSilentServerIsGivenUp() throws Exception {
    try (var silent = new TestOrigin((request, out) -> Thread.sleep(60_000));
        var silentLater =
            new TestOrigin(
                (request, out) -> {
                  TestOrigin.head(out, "200 OK", 1000);
                  out.write(new byte[10]);
                  out.flush();
                  Thread.sleep(60_000);
                })) {
      assertThat(bench.failureOf(Fetch.of(silent.uri("/x")))).contains("it stalled");
      assertThat(bench.failureOf(Fetch.of(silentLater.uri("/x"))))
          .contains("it stalled")
          .contains("after 10 bytes");
      assertThat(silent.requests).hasSize(1);
      assertThat(silentLater.requests).hasSize(1);
    }
  }

  @Test
  void aServerThatTricklesIsGivenUp() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              TestOrigin.head(out, "200 OK", 1_000_000);
              while (true) {
                out.write(1);
                out.flush();
                Thread.sleep(100);
              }
            })) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains("it stalled");
    }
  }

  @Test
  void aStalledConnectionThatDidWellIsTakenUp() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              if (request.number() == 1) {
                TestOrigin.head(out, "200 OK", BODY.length, "ETag: \"v1\"");
                out.write(BODY, 0, 100_000);
                out.flush();
                Thread.sleep(60_000);
              }
              TestOrigin.ok(out, BODY);
            })) {
      bench.fetch(Fetch.of(origin.uri("/x")));

      assertFetched("x", BODY);
    }
  }

  @Test
  void aServerThatTakesForEverIsGivenUpAtTheDeadline() throws Exception {
    var quick = Workbench.IMPATIENT;
    bench.policy =
        bench.policy.withPatience(
            new Patience(
                quick.connect(),
                quick.stall(),
                1,
                quick.stall().multipliedBy(3),
                quick.attempts(),
                quick.firstPause(),
                quick.longestPause()));
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              TestOrigin.head(out, "200 OK", 1_000_000);
              while (true) {
                out.write(new byte[500]);
                out.flush();
                Thread.sleep(50);
              }
            })) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x"))))
          .containsAnyOf("it took too long", "it took longer than");
    }
  }

  @Test
  void whatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withArtifactBytes(1000);
    try (var honest = new TestOrigin((request, out) -> TestOrigin.head(out, "200 OK", 100L << 30));
        var endless =
            new TestOrigin(
                (request, out) -> {
                  out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                  while (true) {
                    out.write(new byte[8192]);
                  }
                });
        var exact = TestOrigin.serving(new byte[1000])) {
      assertThat(bench.failureOf(Fetch.of(honest.uri("/x")))).contains("larger than 1000 bytes");
      assertThat(bench.failureOf(Fetch.of(endless.uri("/x")))).contains("larger than 1000 bytes");
      assertThat(honest.requests).hasSize(1);
      assertThat(endless.requests).hasSize(1);

      bench.fetch(Fetch.of(exact.uri("/x")));
      assertFetched("x", new byte[1000]);
    }
  }

  @Test
  void aLargeRestIsNotWaitedForWhenItIsNotWanted() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withArtifactBytes(1000);
    var sent = new AtomicInteger();
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              TestOrigin.head(out, "404 Not Found", 1L << 40);
              while (true) {
                out.write(new byte[1 << 16]);
                sent.incrementAndGet();
              }
            })) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains("404");
      assertThat(sent.get()).isLessThan(1000);
    }
  }

  @Test
  void headersWithoutEndAreRefused() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
              while (true) {
                out.write("X: y\r\n".getBytes(ISO_8859_1));
              }
            })) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains("headers that are too long");
    }
  }

  @Test
  void anAnswerThatIsNotHttpIsRefused() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> out.write("SSH-2.0-OpenSSH_9.2\r\n".repeat(500).getBytes(UTF_8)))) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).contains("is not HTTP");
    }
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
  void aChecksumIsCheckedBeforeAnythingLands() throws Exception {
    String right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    String wrong = "0".repeat(64);
    try (var origin = TestOrigin.serving("abc".getBytes(UTF_8))) {
      Fetch fetch = Fetch.of(origin.uri("/x"));

      assertThat(bench.failureOf(Workbench.withChecksum(fetch, wrong)))
          .contains("its SHA-256 is " + right + ", not \"" + wrong);
      bench.fetch(Workbench.withChecksum(fetch, right));

      assertThat(bench.files()).containsExactly(entry("x", "abc"));
    }
  }

  @Test
  void theBytesAreTakenAsStoredNotAsEncoded() throws Exception {
    byte[] gz = Archives.gz("text".getBytes(UTF_8));
    try (var origin = TestOrigin.serving(gz, "Content-Encoding: gzip")) {
      bench.fetch(
          new Fetch(origin.uri("/x"), false, false, false, Optional.empty(), Optional.empty()));

      assertFetched("x", gz);
      assertThat(origin.requests.getFirst().header("Accept-Encoding")).contains("identity");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "/etc/x", "", "a/../../x", ".", "x\0y"})
  void aDestPathThatLeavesTheSandboxIsRefused(String destPath) throws Exception {
    try (var origin = TestOrigin.serving(BODY)) {
      bench.failureOf(Workbench.to(origin.uri("/x"), destPath));
      assertThat(origin.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a/", "/..", "/%2e%2e", "/a%2Fb", "/%2Fetc%2Fpasswd"})
  void anAddressWithoutAFileNameNeedsADestPath(String path) throws Exception {
    try (var origin = TestOrigin.serving(BODY)) {
      bench.failureOf(Fetch.of(origin.uri(path)));
      bench.fetch(Workbench.to(origin.uri(path), "sub/dir/x"));

      assertFetched("sub/dir/x", BODY);
    }
  }

  @Test
  void moreArtifactsThanATaskMayHaveAreRefused() throws Exception {
    Fetch[] many = new Fetch[ArtifactLimits.ARTIFACTS_PER_TASK + 1];
    Arrays.fill(many, Fetch.of("http://127.0.0.1:1/x"));

    assertThat(bench.failureOf(many)).contains("64 artifacts at most");
  }
}
