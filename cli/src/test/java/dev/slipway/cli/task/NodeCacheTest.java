package dev.slipway.cli.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.app.Fetch;
import dev.slipway.engine.kubernetes.FetchOrder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class NodeCacheTest {
  private static final byte[] BODY = "the artifact".repeat(10_000).getBytes(UTF_8);
  private static final int PODS = 4;

  @TempDir Path directory;

  private final AtomicInteger downloads = new AtomicInteger();
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final HttpServer origin;
  private Path cache = Path.of("/");

  NodeCacheTest() throws IOException {
    origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() throws IOException {
    cache = Files.createDirectory(directory.resolve("cache"));
    origin.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    origin.createContext("/file", this::answer);
    origin.createContext("/stalling", this::stall);
    origin.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    origin.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("ETag", "\"1\"");
    boolean known = exchange.getRequestHeaders().containsKey("If-None-Match");
    exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : BODY.length);
    if (!known) {
      downloads.incrementAndGet();
      exchange.getResponseBody().write(BODY);
    }
    exchange.close();
  }

  private void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, BODY.length);
    exchange.getResponseBody().write(BODY, 0, BODY.length / 2);
    exchange.getResponseBody().flush();
    stalled.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String uri(String path) {
    return "http://127.0.0.1:" + origin.getAddress().getPort() + path;
  }

  private Path sandbox(int pod) {
    return directory.resolve("pod" + pod).resolve("sandbox");
  }

  private static void ended(Process pod, Path sandbox) throws Exception {
    assertThat(pod.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(pod.exitValue()).as(Files.readString(Path.of(sandbox + ".log"))).isZero();
  }

  @Test
  void thePodsOfANodeDownloadOnceTogether() throws Exception {
    var pods = new ArrayList<Process>();
    for (int pod = 0; pod < PODS; pod++) {
      pods.add(FetchingPod.start(cache, sandbox(pod), uri("/file")));
    }
    for (int pod = 0; pod < PODS; pod++) {
      ended(pods.get(pod), sandbox(pod));
      assertThat(sandbox(pod).resolve("file")).hasBinaryContent(BODY);
    }
    assertThat(downloads).hasValue(1);
  }

  @Test
  void aPodThatIsKilledLeavesNothingHalfDoneAndHoldsUpNobody() throws Exception {
    Process killed = FetchingPod.start(cache, sandbox(0), uri("/stalling"));
    assertThat(stalled.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(killed.destroyForcibly().waitFor(60, TimeUnit.SECONDS)).isTrue();
    ended(FetchingPod.start(cache, sandbox(1), uri("/file")), sandbox(1));
    assertThat(sandbox(1).resolve("file")).hasBinaryContent(BODY);
    assertThat(cache.resolve("incoming")).isEmptyDirectory();
    try (var kept = Files.list(cache.resolve("content"))) {
      assertThat(kept).hasSize(1);
    }
    assertThat(sandbox(0)).isEmptyDirectory();
  }

  @Test
  void whoseTurnDoesNotComeGoesOnWithoutTheCache() throws Exception {
    try (var others = CacheTurn.await(cache, Duration.ZERO);
        var mine = CacheTurn.await(cache, Duration.ofMillis(120))) {
      assertThat(others.ours()).isTrue();
      assertThat(mine.ours()).isFalse();
    }
    try (var next = CacheTurn.await(cache, Duration.ZERO)) {
      assertThat(next.ours()).isTrue();
    }
  }

  @Test
  void anArtifactOfThePlatformIsKnownAgainByItsChecksumWhateverItsLink() throws Exception {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BODY));
    for (int pod = 0; pod < 2; pod++) {
      Path sandbox = Files.createDirectories(sandbox(pod));
      var fetch =
          new Fetch(
              uri("/file?expires=" + pod),
              true,
              false,
              true,
              Optional.of("app"),
              Optional.of(sha256));
      var order =
          new FetchOrder(
              List.of(fetch), sandbox, "user", Optional.empty(), Optional.of(URI.create(uri(""))));
      new PodFetcher(order, cache).fetch(List.of(fetch), sandbox, "user");
      assertThat(sandbox.resolve("app")).hasBinaryContent(BODY);
    }
    assertThat(downloads).hasValue(1);
  }
}
