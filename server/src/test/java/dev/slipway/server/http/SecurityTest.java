package dev.slipway.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.config.RoutesConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityTest {
  private static final String TOKEN = "a-token-that-nobody-guesses";

  private Optional<HttpServer> server = Optional.empty();

  private static void routes(RoutesConfig routes) {
    routes.get("/ping", context -> context.result("pong"));
    routes.get("/health", context -> context.result("{}"));
    routes.get("/metrics", context -> context.result("1"));
    routes.get("/v2/apps", context -> context.result("apps"));
    routes.post("/v2/apps", context -> context.result("made"));
    routes.delete("/v2/apps/<id>", context -> context.result("gone"));
    routes.put("/api/v1/artifacts/{name}", context -> context.result("kept"));
  }

  private static final class Group implements RouteGroup {
    @Override
    public void register(RoutesConfig routes) {
      routes(routes);
    }

    @Override
    public List<String> uploads() {
      return List.of("/api/v1/artifacts/");
    }
  }

  private RawClient start(HttpSettings settings) {
    var started = HttpServer.start(settings, List.of(new Group()));
    server = Optional.of(started);
    return new RawClient(started.port());
  }

  private RawClient onLoopback() {
    return start(HttpSettings.DEFAULT.at("127.0.0.1", 0));
  }

  private RawClient onAllAddresses() {
    return start(HttpSettings.DEFAULT.withToken(TokenHash.of(TOKEN)).at("0.0.0.0", 0));
  }

  @AfterEach
  void stop() {
    server.ifPresent(HttpServer::close);
  }

  @Test
  void noOtherAddressIsListenedOnWithoutToken() {
    assertThatThrownBy(() -> HttpSettings.DEFAULT.at("0.0.0.0", 8080))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LocalHost:8080", "127.0.0.1:1", "127.9.8.7", "[::1]:80"})
  void loopbackAnswersToItsOwnNames(String host) {
    assertThat(onLoopback().get("/v2/apps", "Host: " + host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "0.0.0.0",
        "[::2]"
      })
  void namesThatWereMadeToPointHereAreRefused(String host) {
    var answer = onLoopback().get("/v2/apps", "Host: " + host);

    assertThat(answer.status()).isEqualTo(421);
    assertThat(answer.body()).contains("loopback").doesNotContain("apps");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, localhost:8080, 200",
    "http://localhost, localhost:80, 200",
    "http://127.0.0.1:8080, 127.0.0.1:8080, 200",
    "http://evil.example, localhost:8080, 403",
    "http://localhost:9090, localhost:8080, 403",
    "null, localhost:8080, 403",
    "file://, localhost:8080, 403",
    "http://localhost:8080@evil.example, localhost:8080, 403",
  })
  void pagesFromElsewhereAreRefused(String origin, String host, int status) {
    var client = onLoopback();

    assertThat(client.get("/v2/apps", "Host: " + host, "Origin: " + origin).status())
        .isEqualTo(status);
    assertThat(
            client
                .send(
                    "POST",
                    "/v2/apps",
                    "{}",
                    "Host: " + host,
                    "Origin: " + origin,
                    "Content-Type: application/json")
                .status())
        .isEqualTo(status);
  }

  @Test
  void nobodyIsAllowedToAskAcrossOrigins() {
    var answer =
        onLoopback()
            .send(
                "OPTIONS",
                "/v2/apps",
                Optional.empty(),
                "Origin: http://localhost:1",
                "Access-Control-Request-Method: PUT");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200",
    "application/json; charset=utf-8, 200",
    "APPLICATION/JSON, 200",
    "application/merge-patch+json, 200",
    "application/yaml, 200",
    "text/plain, 415",
    "text/plain; application/json, 415",
    "application/x-www-form-urlencoded, 415",
    "multipart/form-data; boundary=x, 415",
    "application/octet-stream, 415",
    "application/jsonp, 415",
  })
  void whatAFormCanSendIsNotTaken(String type, int status) {
    assertThat(onLoopback().send("POST", "/v2/apps", "{}", "Content-Type: " + type).status())
        .isEqualTo(status);
  }

  @Test
  void aTypeIsNeededForABodyOnly() {
    var client = onLoopback();

    assertThat(client.send("POST", "/v2/apps", "{}").status()).isEqualTo(415);
    assertThat(client.send("POST", "/v2/apps", "").status()).isEqualTo(200);
    assertThat(client.send("DELETE", "/v2/apps/x", Optional.empty()).status()).isEqualTo(200);
    assertThat(
            client
                .send("POST", "/v2/apps", "", "Content-Type: application/x-www-form-urlencoded")
                .status())
        .isEqualTo(415);
  }

  @Test
  void uploadsMayBeAnyBytesButNoForm() {
    var client = onLoopback();
    String target = "/api/v1/artifacts/a";

    assertThat(client.send("PUT", target, "x").status()).isEqualTo(200);
    assertThat(client.send("PUT", target, "x", "Content-Type: application/octet-stream").status())
        .isEqualTo(200);
    assertThat(client.send("PUT", target, "x", "Content-Type: text/plain").status()).isEqualTo(415);
  }

  @Test
  void packedBodiesAreNotTaken() {
    var answer =
        onLoopback()
            .send(
                "POST",
                "/v2/apps",
                "{}",
                "Content-Type: application/json",
                "Content-Encoding: gzip");

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void everyRouteAsksForTheToken() {
    var client = onAllAddresses();
    var routes = server.orElseThrow().routes();
    assertThat(routes).hasSize(7);
    for (var route : routes) {
      String target = route.pattern().replaceAll("[<{][a-z]+[>}]", "x");
      boolean open = target.equals("/ping") || target.equals("/health");
      int otherwise = open ? 200 : 401;

      assertThat(status(client, route.method(), target)).as(target).isEqualTo(otherwise);
      assertThat(status(client, route.method(), target, "Authorization: Bearer wrong"))
          .as(target)
          .isEqualTo(otherwise);
      assertThat(status(client, route.method(), target, "Authorization: Bearer " + TOKEN))
          .as(target)
          .isEqualTo(200);
    }
  }

  private static int status(RawClient client, String method, String target, String... headers) {
    return client.send(method, target, Optional.empty(), headers).status();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/health/",
        "//health",
        "/ping/x",
        "/ping;x",
        "/%70ing",
        "/ping/../v2"
      })
  void whatIsOpenIsOpenInOneSpellingOnly(String target) {
    assertThat(onAllAddresses().get(target).status()).isIn(400, 401);
  }

  @Test
  void theTokenComesInThreeWays() {
    var client = onAllAddresses();
    var basic =
        Base64.getEncoder().encodeToString(("me:" + TOKEN).getBytes(StandardCharsets.UTF_8));
    for (String authorization :
        List.of("Bearer " + TOKEN, "bearer " + TOKEN, "token=" + TOKEN, "Basic " + basic)) {
      assertThat(client.get("/v2/apps", "Authorization: " + authorization).status())
          .as(authorization)
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer a-token-that-nobody-guesse",
        "Basic !!!",
        "Basic YQ==",
        "Digest a-token-that-nobody-guesses",
        "a-token-that-nobody-guesses",
        "token="
      })
  void nothingElseIsAToken(String authorization) {
    var answer = onAllAddresses().get("/v2/apps", "Authorization: " + authorization);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Invalid username or password.\"}");
    assertThat(answer.header("www-authenticate").orElse("")).startsWith("Basic ");
  }

  @Test
  void whoeverSendsManyWrongTokensIsNotListenedToForAWhile() {
    var client = onAllAddresses();
    for (int i = 0; i < FailedLogins.ALLOWED; i++) {
      assertThat(client.get("/v2/apps", "Authorization: Bearer wrong" + i).status()).isEqualTo(401);
    }
    var answer = client.get("/v2/apps", "Authorization: Bearer " + TOKEN);

    assertThat(answer.status()).isEqualTo(429);
    assertThat(Integer.parseInt(answer.header("retry-after").orElse("0"))).isBetween(1, 61);
    assertThat(client.get("/ping").status()).isEqualTo(200);
  }

  @Test
  void aPageCannotUseAPasswordThatTheBrowserRemembers() {
    var answer =
        onAllAddresses()
            .send(
                "POST",
                "/v2/apps",
                "{}",
                "Authorization: Bearer " + TOKEN,
                "Host: cluster.example:8080",
                "Origin: http://evil.example",
                "Content-Type: application/json");

    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void changingRequestsAreLoggedWithoutSecrets() {
    var lines = new ConcurrentLinkedQueue<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            lines.add(new SimpleFormatter().formatMessage(logged));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.slipway.access");
    logger.addHandler(handler);
    try {
      var client = onAllAddresses();
      client.send(
          "POST",
          "/v2/apps?token=swordfish",
          "{\"env\":\"swordfish\"}",
          "Authorization: Bearer " + TOKEN,
          "Content-Type: application/json");
      client.get("/v2/apps", "Authorization: Bearer " + TOKEN);
      server.orElseThrow().close();
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(lines)
        .singleElement()
        .asString()
        .matches("http.request method=POST path=/v2/apps status=200 remote=127.0.0.1 ms=\\d+");
  }
}
