package dev.slipway.server.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.SqlJournal;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SecretRoutesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final String VALUE = "FIND-THIS-VALUE-ANYWHERE";
  private static final String BYTES = "Content-Type: application/octet-stream";
  private static final String JSON = "Content-Type: application/json";

  @TempDir Path directory;
  private DirectoryLock lock;
  private SqlJournal journal;
  private SecretStore store;
  private HttpServer server;
  private RawClient client;
  private State state = State.EMPTY;
  private final List<String> answers = new ArrayList<>();
  private final LogKeeper log = new LogKeeper();

  /// All that is logged by anyone, down to the finest level.
  private static final class LogKeeper extends Handler {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      lines.add(new SimpleFormatter().format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() {
    lock = DirectoryLock.acquire(directory);
    journal = SqlJournal.open(lock);
    Epoch epoch = journal.takeLeadership();
    store =
        new SecretStore(journal.sealedValues(), directory, () -> epoch, InstantSource.fixed(NOW));
    server =
        HttpServer.start(
            HttpSettings.DEFAULT.at("127.0.0.1", 0), List.of(new SecretRoutes(store, () -> state)));
    client = new RawClient(server.port());
    log.setLevel(Level.ALL);
    Logger.getLogger("").addHandler(log);
    Logger.getLogger("dev.slipway").setLevel(Level.ALL);
  }

  @AfterEach
  void stop() {
    Logger.getLogger("").removeHandler(log);
    server.close();
    journal.close();
    lock.close();
  }

  private RawClient.Answer send(String method, String target, String body, String... headers) {
    return noted(client.send(method, target, body, headers));
  }

  private RawClient.Answer send(String method, String target) {
    return noted(client.send(method, target, Optional.empty()));
  }

  private RawClient.Answer noted(RawClient.Answer answer) {
    answers.add(answer.toString());
    return answer;
  }

  private static JsonNode json(RawClient.Answer answer) {
    return Json.mapper().readTree(answer.body());
  }

  private RawClient.Answer put(String name, String value) {
    return send("PUT", "/api/v1/secrets/" + name, value, BYTES);
  }

  private void appUses(String id, String source) {
    var spec =
        SampleApps.sleeper(id).toBuilder()
            .secrets(
                new Secrets(
                    new TreeMap<>(Map.of("pw", source)), new TreeMap<>(Map.of("PASSWORD", "pw"))))
            .build();
    var app = new App(spec, VersionInfo.first(NOW));
    state =
        Evolution.apply(
            state, new Event.RootChanged(NOW, List.of(app), List.of(), List.of(), List.of(), NOW));
  }

  @Test
  void aSecretIsSetReplacedListedAndRemoved() {
    appUses("/shop/web", "shop/db");
    RawClient.Answer created = put("shop/db", VALUE);
    assertThat(created.status()).isEqualTo(201);
    assertThat(json(created))
        .isEqualTo(
            Json.mapper()
                .readTree("{\"created\":[\"shop/db\"],\"replaced\":[],\"apps\":[\"/shop/web\"]}"));
    assertThat(put("shop/db", VALUE + "2").status()).isEqualTo(200);
    assertThat(store.read("shop/db")).contains(SecretValue.of(VALUE + "2"));

    assertThat(json(send("GET", "/api/v1/secrets")))
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"secrets":[{"name":"shop/db","createdAt":"2026-03-01T10:00:00.000Z",
                     "changedAt":"2026-03-01T10:00:00.000Z","apps":["/shop/web"]}]}
                    """));

    RawClient.Answer used = send("DELETE", "/api/v1/secrets/shop/db");
    assertThat(used.status()).isEqualTo(409);
    assertThat(used.body()).contains("/shop/web").contains("--force");
    assertThat(send("DELETE", "/api/v1/secrets/shop/db?force=true").status()).isEqualTo(204);
    assertThat(send("DELETE", "/api/v1/secrets/shop/db").status()).as("still used").isEqualTo(409);
    assertThat(send("DELETE", "/api/v1/secrets/unused").status()).isEqualTo(404);
    assertThat(store.list()).isEmpty();
  }

  @Test
  void aNameMayBeWrittenWithEncodedSlashes() {
    assertThat(put("shop%2Fdb", VALUE).status()).isEqualTo(201);
    assertThat(store.read("shop/db")).isPresent();
  }

  @Test
  void severalAreStoredAtOnceOrNone() {
    RawClient.Answer stored =
        send("POST", "/api/v1/secrets", "{\"secrets\":{\"b\":\"B\",\"a\":\"A\"}}", JSON);
    assertThat(stored.status()).isEqualTo(201);
    assertThat(json(stored).get("created").valueStream().map(JsonNode::asString))
        .containsExactly("a", "b");

    String tooLarge = "x".repeat(SecretStore.MAX_VALUE_BYTES + 1);
    assertThat(
            send(
                    "POST",
                    "/api/v1/secrets",
                    "{\"secrets\":{\"c\":\"C\",\"d\":\"" + tooLarge + "\"}}",
                    JSON)
                .status())
        .isEqualTo(413);
    assertThat(store.list()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"secrets\":{\"a\":FIND-THIS-VALUE-ANYWHERE}}",
        "{\"secrets\":{\"a\":\"FIND-THIS-VALUE-ANYWHERE",
        "{\"secrets\":\"FIND-THIS-VALUE-ANYWHERE\"}",
        "{\"secrets\":{\"a\":[\"FIND-THIS-VALUE-ANYWHERE\"]}}",
        "{\"secrets\":{\"a\":{\"FIND-THIS-VALUE-ANYWHERE\":1}}}",
        "{\"secrets\":{\"a\":\"FIND-THIS-VALUE-ANYWHERE\",\"a\":\"FIND-THIS-VALUE-ANYWHERE\"}}",
        "{\"secrets\":{\"a\":\"FIND-THIS-VALUE-ANYWHERE\",\"b\":7}}",
        "{\"secrets\":{\"a\":\"\"}}",
        "{\"secrets\":{}}",
        "{\"secrets\":{\"a\":\"FIND-THIS-VALUE-ANYWHERE\"}} FIND-THIS-VALUE-ANYWHERE",
        "\"FIND-THIS-VALUE-ANYWHERE\"",
        ""
      })
  void aBodyThatIsNotUnderstoodIsRefusedWithoutRepeatingIt(String body) {
    assertThat(send("POST", "/api/v1/secrets", body, JSON).status()).isIn(400, 422);
    assertThat(store.list()).isEmpty();
    nobodyTellsTheValue();
  }

  @Test
  void whatIsNoNameOrNoValueIsRefused() {
    assertThat(put("..", VALUE).status()).isBetween(400, 422);
    assertThat(put("a%20b", VALUE).status()).isEqualTo(422);
    assertThat(put("a", "").status()).isEqualTo(422);
    assertThat(put("a", "x".repeat(SecretStore.MAX_VALUE_BYTES + 1)).status()).isEqualTo(413);
    assertThat(put("a", "x".repeat(3_000_000)).status()).isEqualTo(413);
    assertThat(send("POST", "/api/v1/secrets", "{\"secrets\":{\"a b\":\"A\"}}", JSON).status())
        .isEqualTo(422);
    assertThat(send("GET", "/api/v1/secrets/a").status()).as("no value is given").isEqualTo(405);
    assertThat(send("PUT", "/api/v1/secrets/a", VALUE, "Content-Type: text/plain").status())
        .isEqualTo(415);
    assertThat(store.list()).isEmpty();
    nobodyTellsTheValue();
  }

  @Test
  void theKeyIsRotated() {
    put("a", VALUE);
    JsonNode rotation = json(send("POST", "/api/v1/secret-key/rotate"));

    assertThat(rotation.get("resealed").asInt()).isEqualTo(1);
    assertThat(rotation.get("key").asString()).hasSize(16);
    assertThat(store.read("a")).contains(SecretValue.of(VALUE));
  }

  @Test
  void aStoreWithoutItsKeySaysWhatToDo() throws IOException {
    put("a", VALUE);
    Files.delete(directory.resolve(KeyFile.NAME));

    for (RawClient.Answer answer :
        List.of(put("b", VALUE), send("POST", "/api/v1/secret-key/rotate"))) {
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("is missing").contains("put back the copy");
    }
    assertThat(send("GET", "/api/v1/secrets").status()).isEqualTo(200);
    assertThat(send("DELETE", "/api/v1/secrets/a").status()).isEqualTo(204);
  }

  @Test
  void aServerThatWasFollowedChangesNothing() {
    put("a", VALUE);
    journal.takeLeadership();

    assertThat(put("a", "late").status()).isEqualTo(503);
    assertThat(send("DELETE", "/api/v1/secrets/a").status()).isEqualTo(503);
    assertThat(store.read("a")).contains(SecretValue.of(VALUE));
  }

  @Test
  void noAnswerAndNoLineOfTheLogHoldsAValue() throws IOException {
    appUses("/shop/web", "a");
    put("a", VALUE);
    put("a", VALUE + "2");
    put("no name", VALUE);
    send("POST", "/api/v1/secrets", "{\"secrets\":{\"b\":\"" + VALUE + "\"}}", JSON);
    send("GET", "/api/v1/secrets");
    send("POST", "/api/v1/secret-key/rotate");
    send("DELETE", "/api/v1/secrets/a");
    Files.writeString(directory.resolve(KeyFile.NAME), "damaged " + VALUE);
    put("b", VALUE);
    send("POST", "/api/v1/secret-key/rotate");
    store.start();
    journal.close(); // Everything fails from here on.
    put("b", VALUE);
    send("POST", "/api/v1/secrets", "{\"secrets\":{\"b\":\"" + VALUE + "\"}}", JSON);
    journal = SqlJournal.open(lock);

    assertThat(answers).hasSizeGreaterThan(8);
    assertThat(log.lines).anyMatch(line -> line.contains("secrets.key.rotated"));
    nobodyTellsTheValue();
  }

  private void nobodyTellsTheValue() {
    assertThat(answers).noneMatch(answer -> answer.contains(VALUE));
    assertThat(log.lines).noneMatch(line -> line.contains(VALUE));
  }
}
