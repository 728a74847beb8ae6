package dev.slipway.example.crawler.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DownloaderTest {
  private final CountDownLatch over = new CountDownLatch(1);
  private final Downloader downloader = new Downloader("Test", Duration.ofSeconds(1));
  private final HttpServer server;

  DownloaderTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::serve);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    downloader.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/page" ->
            answer(exchange, 200, "text/html; charset=utf-8", "Hello".length(), "Hello");
        case "/image" -> answer(exchange, 200, "image/png", 4, "\u0001png");
        case "/moved" -> {
          exchange.getResponseHeaders().set("Location", "/page?x=1");
          exchange.sendResponseHeaders(301, -1);
        }
        case "/busy" -> {
          exchange.getResponseHeaders().set("Retry-After", "7");
          exchange.sendResponseHeaders(429, -1);
        }
        case "/large" ->
            answer(exchange, 200, "text/html", 0, "x".repeat(Downloader.SIZE_LIMIT + 1));
        case "/just-so" -> answer(exchange, 200, "text/html", 0, "x".repeat(Downloader.SIZE_LIMIT));
        case "/stalls" -> {
          answerBegin(exchange);
          awaitOver();
        }
        default -> exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private static void answerBegin(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/html");
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('a');
    exchange.getResponseBody().flush();
  }

  private void awaitOver() {
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(
      HttpExchange exchange, int status, String type, long length, String body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, length);
    exchange.getResponseBody().write(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private Download get(String path) {
    return downloader.page(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
  }

  @Test
  void aPageIsRead() {
    assertThat(get("/page"))
        .isInstanceOfSatisfying(
            Download.Body.class,
            body -> {
              assertThat(body.bytes()).asString().isEqualTo("Hello");
              assertThat(body.contentType()).isEqualTo("text/html; charset=utf-8");
            });
  }

  @Test
  void whatIsNoPageIsLeft() {
    assertThat(get("/image")).isEqualTo(new Download.Uninteresting("not-html"));
  }

  @Test
  void aRedirectIsToldAndNotFollowed() {
    assertThat(get("/moved")).isEqualTo(new Download.Redirect("/page?x=1"));
  }

  @Test
  void failuresThatPassAreToldFromThoseThatDoNot() {
    assertThat(get("/busy")).isEqualTo(new Download.Unavailable("http-429", Duration.ofSeconds(7)));
    assertThat(get("/nowhere")).isEqualTo(new Download.Refused("http-404", 404));
  }

  @Test
  void aPageWithoutEndIsCutOff() {
    assertThat(get("/large")).isEqualTo(new Download.Refused("too-large", 0));
    assertThat(get("/just-so")).isInstanceOf(Download.Body.class);
  }

  @Test
  void aServerThatStallsIsLeft() {
    assertThat(get("/stalls")).isEqualTo(new Download.Unavailable("timeout", Duration.ZERO));
  }

  @Test
  void aServerThatIsNotThereMayComeBack() {
    server.stop(0);
    assertThat(get("/page")).isEqualTo(new Download.Unavailable("connection", Duration.ZERO));
  }

  @Test
  void theMetadataOfACloudIsNotAsked() {
    assertThat(downloader.page(URI.create("http://169.254.169.254/latest/meta-data/")))
        .isEqualTo(new Download.Refused("address-refused", 0));
  }
}
