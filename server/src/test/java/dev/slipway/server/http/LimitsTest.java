package dev.slipway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final HttpSettings SETTINGS = HttpSettings.DEFAULT.at("127.0.0.1", 0);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final CountDownLatch leave = new CountDownLatch(1);
  private final CountDownLatch entered = new CountDownLatch(2);
  private Optional<HttpServer> server = Optional.empty();

  private final class Group implements RouteGroup {
    @Override
    public void register(RoutesConfig routes) {
      routes.get("/v2/apps", context -> context.result("apps"));
      routes.post("/v2/apps", context -> context.result(context.body().length() + " read"));
      routes.post(
          "/v2/streamed",
          context -> context.result(context.bodyInputStream().readAllBytes().length + " streamed"));
      routes.put(
          "/api/v1/artifacts/{name}",
          context -> context.result(context.bodyInputStream().readAllBytes().length + " kept"));
      routes.get(
          "/v2/slow",
          context -> {
            entered.countDown();
            leave.await(10, TimeUnit.SECONDS);
          });
    }

    @Override
    public List<String> uploads() {
      return List.of("/api/v1/artifacts/");
    }
  }

  private RawClient start(HttpLimits limits) {
    var started = HttpServer.start(SETTINGS.withLimits(limits), List.of(new Group()));
    server = Optional.of(started);
    return new RawClient(started.port());
  }

  @AfterEach
  void stop() {
    leave.countDown();
    server.ifPresent(HttpServer::close);
  }

  private static String json(int length) {
    return "\"" + "x".repeat(length - 2) + "\"";
  }

  @Test
  void aBodyMayBeAsLargeAsTheLimitAndNoLarger() {
    var client = start(HttpLimits.DEFAULT);
    int limit = (int) HttpLimits.BODY_BYTES;

    assertThat(
            client.send("POST", "/v2/apps", json(limit), "Content-Type: application/json").body())
        .isEqualTo(limit + " read");
    assertThat(
            client
                .send("POST", "/v2/apps", json(limit + 1), "Content-Type: application/json")
                .status())
        .isEqualTo(413);
  }

  @Test
  void aBodyThatDoesNotTellItsLengthIsCountedToo() {
    var client = start(HttpLimits.DEFAULT);
    String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    for (String target : List.of("/v2/apps", "/v2/streamed")) {
      var answer =
          client.raw(
              "POST "
                  + target
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                  + chunk.repeat(33)
                  + "0\r\n\r\n");

      assertThat(answer.status()).as(target).isEqualTo(413);
      assertThat(answer.body()).contains("larger than 1048576 bytes");
    }
  }

  @Test
  void uploadsAreNotBoundByThatLimit() {
    var answer =
        start(HttpLimits.DEFAULT).send("PUT", "/api/v1/artifacts/a", "x".repeat(3_000_000));

    assertThat(answer.body()).isEqualTo("3000000 kept");
  }

  @Test
  void headersAndAddressesHaveLimits() {
    var client = start(HttpLimits.DEFAULT);

    assertThat(client.get("/v2/apps", "X: " + "y".repeat(20_000)).status()).isEqualTo(200);
    assertThat(client.get("/v2/apps", "X: " + "y".repeat(40_000)).status()).isEqualTo(431);
    assertThat(client.get("/v2/apps?" + "y".repeat(8_000)).status()).isEqualTo(200);
    assertThat(client.get("/v2/apps?" + "y".repeat(9_000)).status()).isEqualTo(414);
    assertThat(client.get("/v2/apps?" + "y".repeat(40_000)).status()).isEqualTo(414);
  }

  @Test
  void moreRequestsThanAllowedAreRefusedAtOnce() throws Exception {
    var client = start(HttpLimits.DEFAULT.withRequests(2));
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      waiting.add(Thread.ofVirtual().start(() -> client.get("/v2/slow")));
    }
    assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
    var refused = client.get("/v2/apps");
    leave.countDown();
    for (Thread each : waiting) {
      each.join();
    }

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).contains("1");
    Awaitility.await()
        .untilAsserted(() -> assertThat(client.get("/v2/apps").status()).isEqualTo(200));
  }

  @Test
  void connectionsBeyondTheLimitWaitUntilIdleOnesAreClosed() throws IOException {
    var client = start(withConnections(2));
    byte[] request =
        "GET /v2/apps HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    try (Socket one = client.connect()) {
      one.getOutputStream().write(request);
      assertThat(one.getInputStream().read()).isPositive();
      try (Socket other = client.connect()) {
        other.getOutputStream().write(request);
        assertThat(other.getInputStream().read()).isPositive();

        assertThat(client.get("/v2/apps").status()).isEqualTo(200);
        assertThat(one.getInputStream().readAllBytes()).isNotEmpty();
      }
    }
  }

  private static HttpLimits withConnections(int count) {
    var usual = HttpLimits.DEFAULT;
    return new HttpLimits(
        usual.bodyBytes(),
        usual.headerBytes(),
        usual.targetBytes(),
        count,
        usual.requests(),
        usual.idleTimeout(),
        usual.headerTimeout(),
        usual.bodyBytesPerSecond(),
        usual.bodyGrace(),
        usual.stopTimeout());
  }

  @Test
  void aBodyThatDripsIsRefused() throws IOException {
    var client = start(HttpLimits.DEFAULT.withPatience(Duration.ofSeconds(10), SHORT, 500));
    try (Socket socket = client.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /v2/apps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
              .getBytes(StandardCharsets.UTF_8));
      Thread drip = drip(out, "x");

      assertThat(RawClient.read(socket.getInputStream()).status()).isEqualTo(408);
      drip.interrupt();
    }
  }

  @Test
  void aBodyThatEndsEarlyIsNoFaultOfTheServer() throws IOException {
    var client = start(HttpLimits.DEFAULT);
    for (String target : List.of("/v2/apps", "/v2/streamed")) {
      try (Socket socket = client.connect()) {
        socket
            .getOutputStream()
            .write(
                ("POST "
                        + target
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 1000\r\n\r\n{")
                    .getBytes(StandardCharsets.UTF_8));
        socket.shutdownOutput();

        assertThat(RawClient.read(socket.getInputStream()).status()).as(target).isEqualTo(400);
      }
    }
  }

  @Test
  void aBodyThatIsBrokenIsNoFaultOfTheServer() {
    var answer =
        start(HttpLimits.DEFAULT)
            .raw(
                "POST /v2/apps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n");

    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void headersThatDripEndTheConnection() throws IOException {
    var client = start(HttpLimits.DEFAULT.withPatience(SHORT, SHORT, 500));
    try (Socket socket = client.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write("GET /v2/apps HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.UTF_8));
      Thread drip = drip(out, "A: b\r\n");

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      drip.interrupt();
    }
  }

  @Test
  void headersThatDripAfterAnAnswerEndTheConnectionToo() throws IOException {
    var client = start(HttpLimits.DEFAULT.withPatience(SHORT, SHORT, 500));
    try (Socket socket = client.connect()) {
      OutputStream out = socket.getOutputStream();
      String request = "GET /v2/apps HTTP/1.1\r\nHost: localhost\r\n";
      out.write((request + "\r\n" + request).getBytes(StandardCharsets.UTF_8));
      Thread drip = drip(out, "A: b\r\n");
      String read = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      drip.interrupt();

      assertThat(read.split("HTTP/1.1 200", -1)).hasSize(2);
    }
  }

  @Test
  void aConnectionThatWaitsBetweenRequestsIsLeftAlone() throws IOException {
    var client = start(HttpLimits.DEFAULT.withPatience(SHORT, SHORT, 500));
    try (Socket socket = client.connect()) {
      byte[] request =
          "GET /v2/apps HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(request);
      byte[] buffer = new byte[4096];
      assertThat(socket.getInputStream().read(buffer)).isPositive();
      long quiet = System.nanoTime() + SHORT.multipliedBy(4).toNanos();
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .untilAsserted(() -> assertThat(System.nanoTime()).isGreaterThan(quiet));
      socket.getOutputStream().write(request);

      int read = socket.getInputStream().read(buffer);
      assertThat(new String(buffer, 0, Math.max(read, 0), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 200");
    }
  }

  /// Sends `text` again and again, slowly, until the other side has enough.
  private static Thread drip(OutputStream out, String text) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  out.write(text.getBytes(StandardCharsets.UTF_8));
                  out.flush();
                  TimeUnit.MILLISECONDS.sleep(50);
                }
              } catch (IOException | InterruptedException enough) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
