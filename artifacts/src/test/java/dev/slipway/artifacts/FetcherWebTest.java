package dev.slipway.artifacts;

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
import java.util.Optional;
import java.util.Random;
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
  void aFileLandsUnderTheLastPartOfItsAddress() throws Exception {
    try (var origin = TestOrigin.serving(BODY)) {
      bench.fetch(Fetch.of(origin.uri("/a/b/c.bin?version=3")));

      assertFetched("c.bin?version=3", BODY);
      assertThat(bench.mode("c.bin?version=3")).isEqualTo("rw-r--r--");
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
  @ValueSource(strings = {"/", "/a/", "/.."})
  void anAddressWithoutAFileNameNeedsADestPath(String path) throws Exception {
    try (var origin = TestOrigin.serving(BODY)) {
      bench.failureOf(Fetch.of(origin.uri(path)));
      bench.fetch(Workbench.to(origin.uri(path), "sub/dir/x"));

      assertFetched("sub/dir/x", BODY);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%2e%2e", "a%2Fb", "%2Fetc%2Fpasswd"})
  void whatIsEncodedInANameStaysEncoded(String name) throws Exception {
    try (var origin = TestOrigin.serving(BODY)) {
      bench.fetch(Fetch.of(origin.uri("/" + name)));

      assertFetched(name, BODY);
    }
  }

  @Test
  void moreArtifactsThanATaskMayHaveAreRefused() throws Exception {
    Fetch[] many = new Fetch[ArtifactLimits.ARTIFACTS_PER_TASK + 1];
    Arrays.fill(many, Fetch.of("http://127.0.0.1:1/x"));

    assertThat(bench.failureOf(many)).contains("64 artifacts at most");
  }
}
