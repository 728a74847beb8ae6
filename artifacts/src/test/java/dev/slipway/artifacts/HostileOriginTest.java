package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostileOriginTest {
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

  private void assertFetched(String name, byte[] content) throws IOException {
    assertThat(bench.sandbox.resolve(name)).hasBinaryContent(content);
    bench.assertNothingLeft();
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
}
