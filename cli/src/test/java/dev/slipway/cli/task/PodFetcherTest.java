package dev.slipway.cli.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import dev.slipway.engine.kubernetes.FetchOrder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PodFetcherTest {
  private static final byte[] BODY = "the artifact".getBytes(UTF_8);

  @TempDir Path directory;

  private final AtomicInteger downloads = new AtomicInteger();
  private HttpServer origin;
  private Path sandbox = Path.of("/");

  PodFetcherTest() throws IOException {
    origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() throws IOException {
    sandbox = Files.createDirectories(directory.resolve("work/sandbox"));
    origin.createContext(
        "/file",
        exchange -> {
          downloads.incrementAndGet();
          exchange.getResponseHeaders().add("ETag", "\"1\"");
          boolean known = exchange.getRequestHeaders().containsKey("If-None-Match");
          exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : BODY.length);
          if (!known) {
            exchange.getResponseBody().write(BODY);
          }
          exchange.close();
        });
    origin.start();
  }

  @AfterEach
  void stop() {
    origin.stop(0);
  }

  private String uri() {
    return "http://127.0.0.1:" + origin.getAddress().getPort() + "/file";
  }

  private PodFetcher fetcher(Path cache, Fetch... artifacts) {
    return new PodFetcher(
        new FetchOrder(
            List.of(artifacts),
            sandbox,
            "user",
            Optional.empty(),
            Optional.of(URI.create("http://platform.example:8080"))),
        cache);
  }

  private static Fetch cached(String uri) {
    return new Fetch(uri, true, false, true, Optional.empty(), Optional.empty());
  }

  @Test
  void withoutACacheOnTheNodeNothingStaysBesideTheSandbox() throws Exception {
    Fetch artifact = cached(uri());
    fetcher(directory.resolve("none"), artifact).fetch(List.of(artifact), sandbox, "user");
    assertThat(sandbox.resolve("file")).hasBinaryContent(BODY);
    assertThat(directory.resolve("work")).isDirectoryContaining(path -> path.equals(sandbox));
    try (var beside = Files.list(directory.resolve("work"))) {
      assertThat(beside).containsExactly(sandbox);
    }
  }

  @Test
  void theNodesCacheIsKeptForTheNextPod() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Fetch artifact = cached(uri());
    fetcher(cache, artifact).fetch(List.of(artifact), sandbox, "user");
    fetcher(cache, artifact).fetch(List.of(artifact), sandbox, "user");
    assertThat(downloads).hasValue(2);
    try (var kept = Files.list(cache.resolve("content"))) {
      assertThat(kept).hasSize(1);
    }
  }

  @Test
  void filesOfTheMachineAndThePlatformsStoreAreOutOfReach() {
    Path cache = directory.resolve("none");
    assertThatThrownBy(
            () -> fetcher(cache).fetch(List.of(Fetch.of("file:///etc/passwd")), sandbox, "user"))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining("files of the platform's machine are not fetched here");
    assertThatThrownBy(
            () -> fetcher(cache).fetch(List.of(Fetch.of("slipway://app.tgz")), sandbox, "user"))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining("the platform's store cannot be read from here");
  }
}
