package dev.slipway.server.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.journal.PostgresPlace;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.several.Platform.Member;
import dev.slipway.testing.PostgresServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three servers on a real PostgreSQL, while a client writes through those that do not lead.
@Timeout(120)
class PostgresServersTest {
  private static final int ENOUGH = 20;
  private static final String LAST = "the-last";
  private static Optional<PostgresServer> database = Optional.empty();

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Member> standbys = new ArrayList<>();
  private Platform platform;
  private Member leader;

  @BeforeAll
  static void startDatabase() {
    database = PostgresServer.startFresh();
    assumeThat(database).as("PostgreSQL is installed").isPresent();
  }

  @AfterAll
  static void stopDatabase() {
    database.ifPresent(PostgresServer::close);
  }

  @BeforeEach
  void start() throws IOException {
    platform =
        new Platform(
            directory,
            new PostgresPlace(
                database.orElseThrow().url(),
                PostgresServer.newSchema(),
                Optional.of(PostgresServer.PASSWORD)),
            ElectionRules.withLease(Duration.ofSeconds(2)));
    for (String name : List.of("one", "two", "three")) {
      standbys.add(platform.start(name));
    }
    leader = platform.leader();
    standbys.remove(leader);
  }

  @AfterEach
  void stop() {
    client.close();
    if (platform != null) {
      platform.close();
    }
  }

  private static RawClient.Answer write(Member member, String id) {
    return member
        .client()
        .send("POST", "/v2/apps", Platform.app(id, 0), "Content-Type: application/json");
  }

  private EventReader events(Member member, String lastId) throws Exception {
    return EventReader.open(client, member, "deployment_success", lastId);
  }

  @Test
  void whatWasAcceptedIsThereAndToldOnceAfterTheLeaderHasEnded() throws Exception {
    try (StandbyWriter writer = StandbyWriter.through(standbys);
        EventReader before = events(standbys.getFirst(), "")) {
      writer.awaitAccepted(ENOUGH);
      platform.stop(leader);
      await().atMost(Platform.PATIENCE).until(before::isOver);
      Member next = platform.leader();
      Member other = platform.standby();
      try (EventReader after = events(other, before.ids().getLast())) {
        writer.awaitAccepted(ENOUGH);
        List<String> accepted = writer.stop();

        assertThat(accepted)
            .allSatisfy(
                id -> assertThat(next.client().get("/v2/apps/" + id).status()).isEqualTo(200));
        RawClient.Answer list = other.client().get("/v2/apps");
        assertThat(list.header("x-slipway-lag-millis")).isPresent();
        assertThat(accepted).allSatisfy(id -> assertThat(list.body()).contains("/" + id + "\""));
        assertThat(write(other, LAST).status()).isEqualTo(201);
        awaitLast(after);
        List<String> told = new ArrayList<>(before.ids());
        told.addAll(after.ids());
        assertThat(told.subList(1, told.size())).isEqualTo(everyEventAfter(told.getFirst()));
      }
    }
  }

  private static void awaitLast(EventReader reader) {
    await().atMost(Platform.PATIENCE).until(() -> !reader.ids(LAST).isEmpty());
  }

  /// As one server tells them that saw all.
  private List<String> everyEventAfter(String first) throws Exception {
    try (EventReader all = events(platform.leader(), first)) {
      awaitLast(all);
      return all.ids();
    }
  }

  private static boolean isStale(Member member) {
    return member.leader().isEmpty()
        && member.client().get("/v2/apps").header("x-slipway-stale").equals(Optional.of("true"));
  }

  @Test
  void withoutTheDatabaseReadsGoOnAndAllHealsByItself() {
    assertThat(write(standbys.getFirst(), "before").status()).isEqualTo(201);
    List<Member> all = new ArrayList<>(standbys);
    all.add(leader);

    database.orElseThrow().stop();
    try {
      for (Member member : all) {
        await().atMost(Platform.PATIENCE).until(() -> isStale(member));
        RawClient.Answer read = member.client().get("/v2/apps/before");
        assertThat(read.status()).as(read.body()).isEqualTo(200);
        assertThat(read.header("warning").orElse("")).startsWith("110");
        RawClient.Answer refused = write(member, "refused");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isPresent();
      }
    } finally {
      database.orElseThrow().start();
    }

    await()
        .atMost(Platform.PATIENCE)
        .until(() -> write(standbys.getFirst(), "after").status() == 201);
    platform.leader();
    RawClient.Answer fresh = platform.standby().client().get("/v2/apps/after");
    assertThat(fresh.status()).isEqualTo(200);
    assertThat(fresh.header("x-slipway-stale")).isEmpty();
    assertThat(platform.standby().client().get("/v2/apps/refused").status()).isEqualTo(404);
  }
}
