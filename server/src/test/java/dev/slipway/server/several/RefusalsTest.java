package dev.slipway.server.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.server.CommonKeys;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.several.Platform.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Servers that must not lead say why, and end nothing.
@Timeout(60)
class RefusalsTest {
  private static final String BYTES = "Content-Type: application/octet-stream";
  @TempDir Path directory;
  private Platform platform;

  @BeforeEach
  void start() {
    platform = new Platform(directory, ElectionRules.withLease(Duration.ofSeconds(2)));
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static RawClient.Answer write(Member member, String id) {
    return member
        .client()
        .send("POST", "/v2/apps", Platform.app(id, 1), "Content-Type: application/json");
  }

  @Test
  void anEmptyJournalDoesNotLeadWhereTasksOfAnotherPlatformAre() throws IOException {
    platform.machine.give("another-platform");
    Member only = platform.start("one");
    await().atMost(Platform.PATIENCE).until(() -> unfit(only).contains("another-platform"));
    assertThat(unfit(only)).contains("slipway journal restore");
    assertThat(write(only, "web").status()).isEqualTo(503);
    assertThat(only.client().get("/v2/apps").status()).isEqualTo(200);
    assertThat(only.read("/health").at("/unfit").asString()).contains("another-platform");
    assertThat(platform.machine.killed()).isEmpty();
  }

  /// As it is with the servers of two clusters that were given one schema.
  @Test
  void aJournalOfOnePlatformDoesNotLeadWhereTasksOfAnotherAre() throws IOException {
    Member first = platform.start("one");
    platform.leader();
    assertThat(write(first, "web").status()).isEqualTo(201);
    await().atMost(Platform.PATIENCE).until(() -> platform.machine.running() == 1);
    platform.stop(first);
    platform.machine.give("another-platform");
    Member second = platform.start("two");
    await().atMost(Platform.PATIENCE).until(() -> unfit(second).contains("another-platform"));
    assertThat(unfit(second)).contains("this journal is of the platform");
    assertThat(write(second, "more").status()).isEqualTo(503);
    assertThat(second.client().get("/v2/apps/web").status()).isEqualTo(200);
    assertThat(platform.machine.killed()).isEmpty();
  }

  @Test
  void aServerOfAnotherClusterDoesNotLaunchEverythingOnceMoreThere() throws IOException {
    Member first = platform.start("one");
    platform.leader();
    assertThat(write(first, "web").status()).isEqualTo(201);
    await().atMost(Platform.PATIENCE).until(() -> platform.machine.running() == 1);
    var elsewhere = new SharedMachine();
    Member second = platform.start("two", elsewhere);
    await().atMost(Platform.PATIENCE).until(() -> unfit(second).contains("was never led"));
    platform.stop(first);
    await().atMost(Platform.PATIENCE).until(() -> write(second, "more").status() == 503);
    assertThat(second.client().get("/v2/apps/web").status()).isEqualTo(200);
    assertThat(elsewhere.launched()).isEmpty();

    String platformId = unfit(second).replaceAll(".*journal of the platform (\\S+) .*", "$1");
    assertThat(unfit(second))
        .contains("knows 1 task that runs elsewhere")
        .contains("give it to " + platformId);
    elsewhere.give(platformId);
    assertThat(platform.leader()).isEqualTo(second);
    await().atMost(Platform.PATIENCE).until(() -> elsewhere.running() == 1);
  }

  private static String unfit(Member member) {
    return member.read("/api/v1/servers").at("/self/unfit").asString("");
  }

  @Test
  void aServerWithoutTheKeysOfTheSecretsDoesNotLead() throws IOException {
    var _ = CommonKeys.makeIn(directory);
    Member first = platform.start("one");
    platform.leader();
    RawClient.Answer put = first.client().send("PUT", "/api/v1/secrets/shop/db", "value", BYTES);
    assertThat(put.status()).as(put.body()).isIn(200, 201, 204);
    platform.stop(first);
    Path key = directory.resolve("secret.key");
    Path away = directory.resolve("secret.key.away");
    Files.move(key, away);
    Member second = platform.start("two");
    await().atMost(Platform.PATIENCE).until(() -> unfit(second).contains("secret.key"));
    assertThat(write(second, "web").status()).isEqualTo(503);
    Files.move(away, key);
    assertThat(platform.leader()).isEqualTo(second);
    assertThat(write(second, "web").status()).isEqualTo(201);
  }

  @Test
  void aLeaderThatTheEngineRefusesLeadsNoMoreAndTakesAHigherEpoch() throws IOException {
    Member only = platform.start("one");
    platform.leader();
    platform.machine.see(41);
    assertThat(write(only, "web").status()).isEqualTo(201);
    await().atMost(Platform.PATIENCE).until(() -> platform.machine.running() == 1);
    JsonNode servers = only.read("/api/v1/servers");
    assertThat(servers.at("/self/lastTerm/reason").asString("")).isNotEmpty();
    assertThat(servers.at("/lease/epoch").asLong()).isGreaterThan(41);
  }

  @Test
  void noServerChangesTheKeysThatTheyHaveInCommon() throws IOException {
    Member only = platform.start("one");
    assertThat(platform.leader()).isEqualTo(only);
    RawClient.Answer put = only.client().send("PUT", "/api/v1/secrets/shop/db", "value", BYTES);
    assertThat(put.status()).isEqualTo(500);
    assertThat(put.body()).contains("have it in common");
    assertThat(directory.resolve("secret.key")).doesNotExist();
  }

  @Test
  void anEpochThatTheDatabaseLostIsTakenAgainAbove() throws IOException {
    platform.machine.see(41);
    Member only = platform.start("one");
    assertThat(platform.leader()).isEqualTo(only);
    assertThat(only.read("/api/v1/servers").at("/lease/epoch").asLong()).isGreaterThan(41);
    assertThat(write(only, "web").status()).isEqualTo(201);
  }
}
