package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.http.RawClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Statuses, headers and bodies of the endpoints beside apps, over HTTP.
class EndpointsTest {
  private static final String WEB = "{\"id\": \"web\", \"cmd\": \"x\", \"cpus\": 0.1, \"mem\": 16}";

  private final Served served = new Served();

  @AfterEach
  void stop() {
    served.close();
  }

  private static void assertMessage(RawClient.Answer answer, int status, String message) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo("{\"message\":\"" + message + "\"}");
    assertThat(answer.header("content-type").orElse("")).startsWith("application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain | 200 | pong",
        "text/* | 200 | pong",
        "*/* | 200 | pong",
        "application/json | 200 | \"pong\"",
        "application/json, text/plain;q=0.5 | 200 | \"pong\"",
        "image/png | 204 | ''",
        "text/plain;q=0 | 204 | ''"
      })
  void pingAnswersInTheFormThatIsAskedFor(String accept, int status, String body) {
    var answer = served.get("/ping", "Accept: " + accept);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.header("x-marathon-leader")).contains("http://paas.example.org:8080");
  }

  @Test
  void theFrontLeadsToAPageThatSaysWhatThereIs() {
    var front = served.get("/");
    assertThat(front.status()).isEqualTo(302);
    assertThat(front.header("location").orElse("")).endsWith("/ui/");
    var page = served.get("/ui/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type").orElse("")).startsWith("text/html");
    assertThat(page.body()).contains("no web interface yet", "href=\"/v2/deployments\"");
  }

  @Test
  void everyAnswerTellsTheLeader() {
    for (String path : List.of("/v2/apps", "/v2/apps/none", "/v2/nothing", "/ui/", "/none")) {
      assertThat(served.get(path).header("x-marathon-leader"))
          .as(path)
          .contains("http://paas.example.org:8080");
    }
  }

  @Test
  void podsAreNoneAndCannotBeMade() {
    assertThat(served.client.send("HEAD", "/v2/pods", Optional.empty()).status()).isEqualTo(200);
    assertThat(served.get("/v2/pods").body()).isEqualTo("[]");
    assertThat(served.get("/v2/pods/::status").body()).isEqualTo("[]");
    var refused = served.send("POST", "/v2/pods", "{\"id\": \"/pod\"}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("Pods are not supported", "POST /v2/apps");
    assertThat(served.send("PUT", "/v2/pods/pod", "{}").status()).isEqualTo(422);
    for (String path :
        List.of("", "::status", "::versions", "::versions/2026-01-05T10:00:00.000Z")) {
      assertMessage(served.get("/v2/pods/a/pod" + path), 404, "Pod '/a/pod' does not exist");
    }
    assertMessage(served.delete("/v2/pods/pod"), 404, "Pod '/pod' does not exist");
    assertMessage(served.delete("/v2/pods/pod::instances/x"), 404, "Pod '/pod' does not exist");
    assertThat(served.delete("/v2/pods").status()).isEqualTo(405);
  }

  @Test
  void thereAreNoPlugins() {
    assertThat(served.get("/v2/plugins").body()).isEqualTo("{\"plugins\":[]}");
    assertThat(served.get("/v2/plugins/auth/ui").status()).isEqualTo(404);
  }

  @Test
  void theLeaderCanBeAskedToGiveUp() {
    assertThat(served.get("/v2/leader").body()).isEqualTo("{\"leader\":\"paas.example.org:8080\"}");
    assertMessage(served.delete("/v2/leader"), 200, "Leadership abdicated");
    assertThat(served.abdications).hasValue(1);
    var refused = served.delete("/v2/leader?backup=file:///tmp/x");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("'backup'", "slipway journal export");
    assertThat(served.delete("/v2/leader?restore=file:///tmp/x").status()).isEqualTo(422);
    assertThat(served.abdications).hasValue(1);
  }

  @Test
  void whatIsKnownIsNotSentAgain() {
    served.send("POST", "/v2/apps", WEB);
    var first = served.get("/v2/apps");
    String tag = first.header("etag").orElseThrow();
    assertThat(first.header("cache-control")).contains("private, no-cache");
    assertThat(first.header("vary")).contains("Accept-Encoding");
    var again = served.get("/v2/apps", "If-None-Match: \"other\", " + tag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.header("etag")).contains(tag);
    assertThat(served.get("/v2/apps", "If-None-Match: " + tag.substring(2)).status())
        .isEqualTo(304);
    served.send("PUT", "/v2/apps/web?force=true", "{\"instances\": 2}");
    var changed = served.get("/v2/apps", "If-None-Match: " + tag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("etag")).isNotEqualTo(Optional.of(tag));
    assertThat(served.get("/v2/apps/none").header("etag")).isEmpty();
    assertThat(served.send("PUT", "/v2/apps/web?force=true", "{}").header("etag")).isEmpty();
  }

  @Test
  void longAnswersAreCompressedForWhomTakesThat() {
    assertThat(served.get("/v2/apps", "Accept-Encoding: gzip").header("content-encoding"))
        .isEmpty();
    served.send(
        "POST",
        "/v2/apps",
        WEB.replace("}", ", \"labels\": {\"a\": \"" + "x".repeat(2000) + "\"}}"));
    var plain = served.get("/v2/apps");
    var packed = served.get("/v2/apps", "Accept-Encoding: br, gzip;q=0.8");
    assertThat(packed.header("content-encoding")).contains("gzip");
    assertThat(Integer.parseInt(packed.header("content-length").orElse("0")))
        .isLessThan(Integer.parseInt(plain.header("content-length").orElse("0")) / 2);
    assertThat(packed.header("etag")).isEqualTo(plain.header("etag"));
    for (String header : List.of("gzip;q=0", "identity", "br")) {
      assertThat(served.get("/v2/apps", "Accept-Encoding: " + header).header("content-encoding"))
          .as(header)
          .isEmpty();
    }
  }

  @Test
  void listsComeInPartsForWhomAsks() {
    for (String id : List.of("a", "b", "c", "d", "e")) {
      served.send("POST", "/v2/apps", WEB.replace("web", id));
    }
    served.platform.settle();
    var all = served.get("/v2/apps");
    assertThat(Served.json(all).at("/apps").size()).isEqualTo(5);
    assertThat(all.header("x-total-count")).isEmpty();
    var part = served.get("/v2/apps?embed=apps.tasks&limit=2&offset=2");
    assertThat(part.header("x-total-count")).contains("5");
    assertThat(part.header("link"))
        .contains(
            "</v2/apps?embed=apps.tasks&limit=2&offset=0>; rel=\"prev\","
                + " </v2/apps?embed=apps.tasks&limit=2&offset=4>; rel=\"next\"");
    assertThat(
            Served.json(part).at("/apps").values().stream().map(app -> app.at("/id").asString("")))
        .containsExactly("/c", "/d");
    var tasks = served.get("/v2/tasks?offset=3");
    assertThat(Served.json(tasks).at("/tasks").size()).isEqualTo(2);
    assertThat(tasks.header("x-total-count")).contains("5");
    assertThat(served.get("/v2/apps?limit=2&offset=9").body()).isEqualTo("{\"apps\":[]}");
    served.send("POST", "/v2/apps", WEB.replace("0.1", "99"));
    var deployments = served.get("/v2/deployments?limit=1");
    assertThat(deployments.header("x-total-count")).contains("1");
    assertThat(deployments.header("link")).isEmpty();
    for (String wrong : List.of("limit=0", "limit=-1", "limit=10001", "offset=x", "limit=1.5")) {
      assertThat(served.get("/v2/apps?" + wrong).status()).as(wrong).isEqualTo(422);
    }
  }

  @Test
  void aDeploymentThatHoldsAnAppIsToldWithTheAppsItIsAbout() throws IOException {
    served.send(
        "POST",
        "/v2/groups",
        "{\"id\": \"/shop\", \"apps\": [%s, %s]}"
            .formatted(WEB.replace("0.1", "99"), WEB.replace("web", "db")));
    var locked = served.send("PUT", "/v2/apps/shop/db", "{\"instances\": 2}");
    assertThat(locked.status()).isEqualTo(409);
    Golden.check("locked.json", locked.body().replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"ID\""));
    assertMessage(
        served.send("POST", "/v2/apps", WEB.replace("web", "/shop/db")),
        409,
        "An app with id [/shop/db] already exists.");
  }

  @Test
  void whatCannotBeReadIsToldAsMarathonDoes() {
    var broken = served.send("POST", "/v2/apps", "{\"id\": }");
    assertThat(broken.status()).isEqualTo(400);
    assertThat(Served.json(broken).at("/message").asString("")).isEqualTo("Invalid JSON");
    assertThat(Served.json(broken).at("/details").isString()).isTrue();
    assertThat(served.send("POST", "/v2/apps", "{\"id\": 5, \"cmd\": \"x\"}").body())
        .isEqualTo(
            "{\"message\":\"Invalid JSON\",\"details\":[{\"path\":\"/id\","
                + "\"errors\":[\"error.expected.jsstring\"]}]}");
    served.send("POST", "/v2/apps", WEB);
    assertMessage(
        served.delete("/v2/apps/web/tasks?scale=true&wipe=true"),
        400,
        "You cannot use scale and wipe at the same time.");
    assertThat(served.send("POST", "/v2/tasks/delete", "{\"ids\": [\"no id\"]}").status())
        .isEqualTo(400);
    assertMessage(served.get("/v2/apps/none"), 404, "App '/none' does not exist");
    assertMessage(served.get("/v2/groups/none"), 404, "Group '/none' does not exist");
    assertMessage(
        served.delete("/v2/apps/web/tasks/web.instance-1"),
        400,
        "Invalid task id 'web.instance-1'. [Expected something like my_app.instance-<uuid>._app.1]");
    assertMessage(served.delete("/v2/deployments/none"), 404, "DeploymentPlan none does not exist");
    assertMessage(
        served.delete("/v2/queue/none/delay"), 404, "Application /none not found in tasks queue.");
  }

  @Test
  void headAnswersAsGetWithoutABody() {
    assertThat(served.client.send("HEAD", "/v2/apps", Optional.empty()).status()).isEqualTo(200);
    var missing = served.client.send("HEAD", "/v2/apps/none", Optional.empty());
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body()).isEmpty();
    assertThat(served.client.send("HEAD", "/v2/events", Optional.empty()).status()).isEqualTo(405);
  }
}
