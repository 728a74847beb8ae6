package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.Answer;
import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.Sha256;
import dev.slipway.endtoend.harness.SharedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Secrets from the command line to a task's environment and files, and nowhere else.
class SecretTest {
  private static final String PASSWORD = "FIND-THIS-PASSWORD-ANYWHERE";
  private static final String KEY = "FIND-THIS-KEY-ANYWHERE\n";

  @RegisterExtension static final SharedServer SHARED = new SharedServer("secret");

  private final RunningServer server = SHARED.get();

  /// An app whose tasks write down what they were given, as hashes.
  private static App app() {
    return App.running(
            "/shop/web",
            "printf %s \"$PASSWORD\" | sha256sum > variable; sha256sum < conf/key > file;"
                + " exec sleep 3600")
        .with(
            "secrets",
            Map.of("pw", Map.of("source", "shop/db"), "key", Map.of("source", "shop/key")))
        .with("env", Map.of("PASSWORD", Map.of("secret", "pw"), "PLAIN", "text"))
        .with(
            "container",
            Map.of(
                "type",
                "MESOS",
                "volumes",
                List.of(Map.of("containerPath", "conf/key", "secret", "key"))));
  }

  private void set(String name, String value) {
    CommandRun run =
        server.slipway(
            "secret", "set", name, "--from-file", server.file("value", value).toString());
    assertThat(run.code()).as(run.err()).isZero();
  }

  private void isGiven(String file, String value) {
    Eventually.holds(
        "the task has written " + file,
        () ->
            assertThat(read(server.tasks("/shop/web").only().id(), file))
                .startsWith(Sha256.of(value)));
  }

  private String read(String task, String file) {
    return server
        .client()
        .json("/api/v1/tasks/" + task + "/files/read?offset=0&path=" + file)
        .path("data")
        .asString();
  }

  @Test
  void tasksGetSecretsAndNobodyElseDoes() throws IOException {
    Answer unknown = server.client().post("/v2/apps", app());
    assertThat(unknown.status()).as(unknown.body()).isEqualTo(422);
    assertThat(unknown.body()).contains("shop/db").contains("slipway secret set");
    Answer planned =
        server
            .client()
            .put("/v2/groups/shop?dryRun=true", App.json(Map.of("apps", List.of(app().json()))));
    assertThat(planned.status()).as(planned.body()).isEqualTo(422);
    assertThat(planned.body()).contains("shop/db");

    set("shop/db", PASSWORD);
    set("shop/key", KEY);
    server.createAndAwait(app());
    isGiven("variable", PASSWORD);
    isGiven("file", KEY);

    assertThat(server.slipway("secret", "remove", "shop/db").err()).contains("/shop/web");
    CommandRun rotated = server.slipway("secret", "rotate-key");
    assertThat(rotated.code()).as(rotated.err()).isZero();
    set("shop/db", PASSWORD + "-2");
    assertThat(server.slipway("restart", "/shop/web").code()).isZero();
    isGiven("variable", PASSWORD + "-2");

    assertThat(everythingTold()).allSatisfy(SecretTest::tellsNoValue);
    server.stop();
    assertThat(everythingKept()).hasSizeGreaterThan(2).allSatisfy(SecretTest::tellsNoValue);
    server.start();
    assertThat(server.tasks("/shop/web").running()).hasSize(1);
    assertThat(server.slipway("secret", "list").out()).contains("shop/db").contains("/shop/web");
    assertThat(server.log()).contains("secrets.key.rotated").satisfies(SecretTest::tellsNoValue);
  }

  private List<String> everythingTold() {
    List<String> told = new ArrayList<>(List.of(server.log()));
    for (String path :
        List.of(
            "/api/v1/secrets",
            "/api/v1/tasks",
            "/api/v1/deployments",
            "/api/v1/apps/shop/web/explain",
            "/v2/apps/shop/web",
            "/v2/apps/shop/web/versions",
            "/v2/groups",
            "/v2/tasks",
            "/v2/queue",
            "/v2/info",
            "/metrics")) {
      told.add(server.client().get(path).expect(200).body());
    }
    told.add(server.slipway("app", "/shop/web", "--json").out());
    told.add(server.slipway("journal", "export", "--data", server.data().toString()).out());
    return told;
  }

  /// The files of the platform; those of the engine are the tasks' own, with what they were given.
  private List<String> everythingKept() throws IOException {
    List<String> kept = new ArrayList<>();
    try (Stream<Path> files = Files.list(server.data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        kept.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return kept;
  }

  private static void tellsNoValue(String text) {
    assertThat(text).doesNotContain(PASSWORD).doesNotContain(KEY.strip());
  }
}
