package dev.slipway.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.server.control.Unavailable;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpServerTest {
  private static final HttpSettings SETTINGS = HttpSettings.DEFAULT.at("127.0.0.1", 0);

  private HttpServer server;
  private RawClient client;

  @BeforeEach
  void start() {
    server = HttpServer.start(SETTINGS, List.of(HttpServerTest::routes));
    client = new RawClient(server.port());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/v2/apps", context -> context.result("all"));
    routes.get(
        "/v2/apps/<id>/tasks", context -> context.result("tasks of " + context.pathParam("id")));
    routes.get("/v2/apps/<id>", context -> context.result("app " + context.pathParam("id")));
    routes.post("/v2/apps", context -> context.result("got " + context.body()));
    routes.get(
        "/v2/fault",
        context -> {
          throw new IllegalStateException("the secret is swordfish");
        });
    routes.get(
        "/v2/error",
        context -> {
          throw new StackOverflowError("deep");
        });
    routes.get(
        "/v2/busy",
        context -> {
          throw new Unavailable("the journal cannot be written");
        });
    routes.get("/v2/thread", context -> context.result(Thread.currentThread().toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/apps, all",
    "/v2/apps/, all",
    "/v2//apps, all",
    "//v2/apps, all",
    "/v2/apps/?embed=apps.tasks, all",
    "/v2/apps//shop/cart, app shop/cart",
    "/v2/apps/shop/cart/, app shop/cart",
    "/v2/apps/shop%2Fcart, app shop/cart",
    "/v2/apps/%2Fshop%2fcart, app /shop/cart",
    "/v2/apps//shop//cart/tasks, tasks of shop//cart",
    "/v2/apps/%2Fshop%2Fcart/tasks, tasks of /shop/cart",
    "/v2/apps//x//tasks/?a=b, tasks of x",
  })
  void ambiguousAddressesReachTheirHandlersWithoutRedirect(String target, String expected) {
    var answer = client.get(target);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/apps/%2e%2e/fault",
    "/v2/%zz",
    "/v2/apps/%00",
    "/v2/apps/..;/fault",
    "/v2/apps/%c0%ae",
  })
  void addressesThatPretendToBeOthersAreRefused(String target) {
    var answer = client.get(target);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Bad Request\"}");
    assertThat(answer.header("content-type")).contains("application/json");
  }

  @Test
  void anUnknownPathIsNotFoundInJson() {
    var answer = client.get("/nothing/here");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("{\"message\":\"there is nothing at this address\"}");
    assertThat(answer.header("content-type")).contains("application/json");
  }

  @Test
  void anUnknownPathOfTheOwnApiIsNotFoundAsProblem() {
    var answer = client.get("/api/v1/nothing");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("content-type").orElse("")).startsWith("application/problem+json");
    assertThat(Json.mapper().readTree(answer.body()).get("status").asInt()).isEqualTo(404);
  }

  @Test
  void aMethodThatAPathDoesNotKnowIsNotAllowed() {
    assertThat(client.send("DELETE", "/v2/fault", "").status()).isEqualTo(405);
    assertThat(client.send("BREW", "/v2/apps", "").status()).isEqualTo(405);
    assertThat(client.send("TRACE", "/v2/apps", "").status()).isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource({"/v2/fault, swordfish", "/v2/error, deep"})
  void aFaultIsToldByItsNumberOnly(String target, String secret) {
    var answer = client.get(target);

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body())
        .matches("\\{\"message\":\"internal error [0-9a-f-]{36}; the server's log says more\"}")
        .doesNotContain(secret);
  }

  @Test
  void whatCannotBeDoneNowIsToldWithATimeToTryAgain() {
    var answer = client.get("/v2/busy");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).contains("1");
    assertThat(answer.body()).isEqualTo("{\"message\":\"the journal cannot be written\"}");
  }

  @Test
  void everyAnswerIsProtectedAndSaysNothingAboutTheServer() {
    for (String target : List.of("/v2/apps", "/nothing", "/v2/fault")) {
      var answer = client.get(target);

      assertThat(answer.header("x-content-type-options")).contains("nosniff");
      assertThat(answer.header("cache-control")).contains("no-store");
      assertThat(answer.header("content-security-policy").orElse(""))
          .contains("default-src 'none'");
      assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by", "set-cookie");
    }
  }

  @Test
  void handlersRunOnVirtualThreads() {
    assertThat(client.get("/v2/thread").body()).contains("VirtualThread");
  }

  @Test
  void aBrokenRequestIsRefusedInJson() {
    var answer = client.raw("NONSENSE\r\n\r\n");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).doesNotContainIgnoringCase("jetty");
  }

  @Test
  void aPortInUseIsToldAsSuch() {
    assertThatThrownBy(
            () -> HttpServer.start(SETTINGS.at("127.0.0.1", server.port()), List.of()).close())
        .isInstanceOf(ListenProblem.class)
        .hasMessageContaining("port " + server.port());
  }

  @Test
  void requestsThatGoOnAreFinishedBeforeItEnds() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var other =
        HttpServer.start(
            SETTINGS,
            List.of(
                routes ->
                    routes.get(
                        "/slow",
                        context -> {
                          entered.countDown();
                          leave.await(5, TimeUnit.SECONDS);
                          context.result("done");
                        })));
    var answer = new RawClient.Answer[1];
    var asking =
        Thread.ofVirtual().start(() -> answer[0] = new RawClient(other.port()).get("/slow"));
    assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
    var closing = Thread.ofVirtual().start(other::close);
    leave.countDown();
    asking.join();
    closing.join();

    assertThat(answer[0].body()).isEqualTo("done");
    other.close();
  }
}
