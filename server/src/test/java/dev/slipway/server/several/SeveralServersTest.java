package dev.slipway.server.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.several.Platform.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers that share a journal: who leads, what the others answer, and what becomes of tasks.
@Timeout(120)
class SeveralServersTest {
  private static final String JSON = "Content-Type: application/json";
  @TempDir Path directory;
  private Platform platform;

  @BeforeEach
  void start() throws IOException {
    platform = new Platform(directory, ElectionRules.withLease(Duration.ofSeconds(2)));
    platform.start("one");
    platform.start("two");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private void deploy(Member member, String id, int instances) {
    RawClient.Answer answer =
        member.client().send("POST", "/v2/apps", Platform.app(id, instances), JSON);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  private static int known(Member member, String id) {
    return member.client().get("/v2/apps/" + id).status();
  }

  private void awaitRunning(int tasks) {
    await().atMost(Platform.PATIENCE).until(() -> platform.machine.running() == tasks);
  }

  @Test
  void oneLeadsAndTheOtherFollows() {
    Member leader = platform.leader();
    Member standby = platform.standby();
    assertThat(standby.read("/api/v1/servers").at("/self/role").asString())
        .isIn("following", "resting");
    assertThat(standby.read("/health").at("/leader").asBoolean()).isFalse();
    assertThat(leader.read("/health").at("/role").asString()).isEqualTo("leading");
    for (Member member : new Member[] {leader, standby}) {
      RawClient.Answer answer = member.client().get("/v2/apps");
      assertThat(answer.header("x-marathon-leader")).contains(leader.server().uri().toString());
      assertThat(member.read("/v2/leader").at("/leader").asString())
          .isEqualTo(leader.server().uri().getAuthority());
    }
  }

  @Test
  void aWriteThroughAStandbyIsReadThereAtOnce() {
    Member standby = platform.standby();
    for (int i = 0; i < 20; i++) {
      deploy(standby, "app" + i, 1);
      RawClient.Answer list = standby.client().get("/v2/apps");
      assertThat(list.header("x-slipway-lag-millis")).isPresent();
      assertThat(list.body()).contains("\"/app" + i + "\"");
    }
    awaitRunning(20);
  }

  @Test
  void whenTheLeaderStopsAnotherTakesOverAndNoTaskNotices() {
    Member leader = platform.leader();
    Member standby = platform.standby();
    deploy(leader, "web", 3);
    awaitRunning(3);
    long begin = System.nanoTime();
    platform.stop(leader);
    assertThat(platform.leader()).isEqualTo(standby);
    deploy(standby, "later", 1);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(took).isLessThan(Duration.ofSeconds(3));
    awaitRunning(4);
    assertThat(platform.machine.launched()).hasSize(4).doesNotHaveDuplicates();
    assertThat(platform.machine.killed()).isEmpty();
    assertThat(known(standby, "web")).isEqualTo(200);
  }

  @Test
  void aLeaderThatLosesTheDatabaseStopsActingAndAnotherTakesOver() {
    Member leader = platform.leader();
    Member standby = platform.standby();
    deploy(leader, "web", 2);
    awaitRunning(2);
    leader.line().cut(true);
    await().atMost(Platform.PATIENCE).until(standby::leads);
    assertThat(leader.server().engine()).isEmpty();
    deploy(standby, "later", 1);
    awaitRunning(3);
    RawClient.Answer stale = leader.client().get("/v2/apps");
    assertThat(stale.status()).isEqualTo(200);
    assertThat(stale.header("x-slipway-stale")).contains("true");
    leader.line().cut(false);
    await().atMost(Platform.PATIENCE).until(() -> known(leader, "later") == 200);
    assertThat(platform.leader()).isEqualTo(standby);
    assertThat(platform.machine.launched()).hasSize(3).doesNotHaveDuplicates();
    assertThat(platform.machine.killed()).isEmpty();
  }

  @Test
  void withoutTheDatabaseReadsGoOnAndAllHealsByItself() {
    Member leader = platform.leader();
    Member standby = platform.standby();
    deploy(leader, "web", 2);
    awaitRunning(2);
    leader.line().cut(true);
    standby.line().cut(true);
    await()
        .atMost(Platform.PATIENCE)
        .until(() -> leader.server().engine().isEmpty() && leader.leader().isEmpty());
    await().atMost(Platform.PATIENCE).until(() -> standby.leader().isEmpty());
    for (Member member : new Member[] {leader, standby}) {
      RawClient.Answer read = member.client().get("/v2/apps/web");
      assertThat(read.status()).as(read.body()).isEqualTo(200);
      assertThat(read.header("x-slipway-stale")).contains("true");
      RawClient.Answer write =
          member.client().send("POST", "/v2/apps", Platform.app("no", 1), JSON);
      assertThat(write.status()).isEqualTo(503);
      assertThat(write.header("retry-after")).contains("1");
      assertThat(member.client().get("/health").status()).isEqualTo(200);
    }
    leader.line().cut(false);
    standby.line().cut(false);
    Member next = platform.leader();
    deploy(next, "later", 1);
    awaitRunning(3);
    assertThat(platform.machine.launched()).hasSize(3).doesNotHaveDuplicates();
    assertThat(platform.machine.killed()).isEmpty();
  }

  @Test
  void aLeaderWhoseEngineTakesNoOrdersSaysSoAndLeadsOn() {
    Member leader = platform.leader();
    platform.machine.takeOrders(false);
    deploy(leader, "waits", 1);
    await()
        .atMost(Platform.PATIENCE)
        .until(() -> leader.read("/health").at("/status").asString().equals("degraded"));
    assertThat(leader.read("/health").at("/engine").asString()).contains("the machine is away");
    assertThat(platform.standby().read("/health").at("/status").asString()).isEqualTo("ok");

    platform.machine.takeOrders(true);
    deploy(leader, "next", 1);
    await()
        .atMost(Platform.PATIENCE)
        .until(() -> leader.read("/health").at("/status").asString().equals("ok"));
    assertThat(platform.leader()).isEqualTo(leader);
  }

  @Test
  void whoAbdicatesHandsOverToTheOther() {
    Member leader = platform.leader();
    Member standby = platform.standby();
    deploy(leader, "web", 1);
    RawClient.Answer answer = standby.client().send("DELETE", "/v2/leader", "");
    assertThat(answer.body()).contains("Leadership abdicated");
    await().atMost(Platform.PATIENCE).until(standby::leads);
    assertThat(platform.leader()).isEqualTo(standby);
    assertThat(leader.read("/api/v1/servers").at("/self/lastTerm/reason").asString())
        .isEqualTo("a client asked it to abdicate");
  }

  @Test
  void whoIsAloneTakesTheLeadAgain() {
    Member leader = platform.leader();
    platform.stop(platform.standby());
    leader.client().send("DELETE", "/v2/leader", "");
    await().atMost(Platform.PATIENCE).until(() -> !leader.leads());
    await().atMost(Platform.PATIENCE).until(leader::leads);
    deploy(leader, "web", 1);
  }
}
