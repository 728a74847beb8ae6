package dev.slipway.server.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.several.Platform.Member;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a server that does not lead passes on, and how.
@Timeout(60)
class ForwardingTest {
  private static final String JSON = "Content-Type: application/json";
  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private Platform platform;
  private Member leader;
  private Member standby;

  @BeforeEach
  void start() throws IOException {
    platform = new Platform(directory, ElectionRules.withLease(Duration.ofSeconds(5)));
    platform.start("one");
    platform.start("two");
    leader = platform.leader();
    standby = platform.standby();
  }

  @AfterEach
  void stop() {
    platform.close();
    client.close();
  }

  private void deploy(Member member, String id) {
    RawClient.Answer answer = member.client().send("POST", "/v2/apps", Platform.app(id, 1), JSON);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  private static URI uri(Member member, String path) {
    return URI.create(member.server().uri() + path);
  }

  private EventReader events(Member member, String lastId) throws Exception {
    return EventReader.open(client, member, lastId);
  }

  @Test
  void eventsArriveThroughAStandbyAsTheyHappen() throws Exception {
    try (EventReader reader = events(standby, "")) {
      for (int i = 0; i < 5; i++) {
        deploy(leader, "app" + i);
        int told = i + 1;
        await().atMost(Duration.ofSeconds(5)).until(() -> reader.ids().size() == told);
      }
    }
  }

  @Test
  void aStreamGoesOnAtTheNextLeaderWithoutAGapOrARepeat() throws Exception {
    List<String> told = new ArrayList<>();
    try (EventReader reader = events(standby, "")) {
      deploy(leader, "app0");
      deploy(leader, "app1");
      await().until(() -> reader.ids().size() == 2);
      deploy(leader, "app2");
      await().until(() -> reader.ids().size() >= 2);
      told.addAll(reader.ids().subList(0, 2));
    }
    platform.stop(leader);
    assertThat(platform.leader()).isEqualTo(standby);
    deploy(standby, "app3");
    try (EventReader reader = events(standby, told.getLast())) {
      await().until(() -> reader.ids().size() == 2);
      told.addAll(reader.ids());
    }
    try (EventReader all = events(standby, "0.0")) {
      await().until(() -> all.ids().size() >= 4);
      assertThat(all.ids()).isEqualTo(told);
    }
  }

  @Test
  void streamsEndWhenTheLeaderGoesSoThatTheirClientsComeBack() throws Exception {
    try (EventReader reader = events(standby, "")) {
      platform.stop(leader);
      await().atMost(Duration.ofSeconds(10)).until(reader::isOver);
    }
  }

  @Test
  void manyStreamsLeaveRoomForOthers() throws Exception {
    List<EventReader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        readers.add(events(standby, ""));
      }
      deploy(standby, "app");
      for (EventReader reader : readers) {
        await().until(() -> reader.ids().size() == 1);
      }
    } finally {
      readers.forEach(EventReader::close);
    }
  }

  @Test
  void anArtifactIsStreamedThroughAndBack() throws Exception {
    byte[] bytes = new byte[5 << 20];
    new Random(7).nextBytes(bytes);
    var put =
        HttpRequest.newBuilder(uri(standby, "/api/v1/artifacts/code.tgz"))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(bytes))
            .build();
    assertThat(client.send(put, BodyHandlers.ofString()).statusCode()).isIn(200, 201);
    assertThat(leader.client().get("/api/v1/artifacts").body()).contains("code.tgz");
    assertThat(standby.client().get("/api/v1/artifacts").body()).contains("code.tgz");
    var chunked =
        HttpRequest.newBuilder(uri(standby, "/api/v1/artifacts/again.tgz"))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes)))
            .build();
    assertThat(client.send(chunked, BodyHandlers.ofString()).statusCode()).isIn(200, 201);
  }

  @Test
  void whatComesBackToAServerItPassedIsALoop() {
    RawClient.Answer answer =
        standby
            .client()
            .send(
                "DELETE",
                "/v2/apps/none",
                "",
                "X-Marathon-Via: 1.1 " + standby.server().uri().getAuthority());
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("Detected proxying loop");
  }

  @Test
  void errorsAndHeadersOfTheLeaderArriveAsTheyAre() {
    RawClient.Answer missing = standby.client().send("DELETE", "/v2/apps/none", "");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body())
        .isEqualTo(leader.client().send("DELETE", "/v2/apps/none", "").body());
    RawClient.Answer wrong = standby.client().send("POST", "/v2/apps", "{", JSON);
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.header("x-slipway-sequence")).isEmpty();
    assertThat(wrong.header("x-marathon-leader")).contains(leader.server().uri().toString());
    assertThat(wrong.header("x-frame-options")).contains("DENY");
  }

  @Test
  void aTaskAsTheLeaderKnowsItIsAskedOfTheLeader() {
    deploy(leader, "web");
    assertThat(standby.client().get("/v2/tasks").header("x-slipway-lag-millis")).isEmpty();
    assertThat(standby.client().get("/v2/apps").header("x-slipway-lag-millis")).isPresent();
    assertThat(standby.client().get("/v2/apps?embed=apps.tasks").header("x-slipway-lag-millis"))
        .isEmpty();
  }

  @Test
  void aPageOfTheStandbyMayWriteThroughIt() {
    RawClient.Answer answer =
        standby
            .client()
            .send(
                "POST",
                "/v2/apps",
                Platform.app("web", 1),
                JSON,
                "Origin: http://localhost:" + standby.server().uri().getPort(),
                "Host: localhost:" + standby.server().uri().getPort());
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  @Test
  void whoWantsToTalkToACommandIsSentToTheLeader() {
    RawClient.Answer answer =
        standby
            .client()
            .get(
                "/api/v1/tasks/web.instance-1/exec?command=sh",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(answer.status()).isEqualTo(307);
    assertThat(answer.header("location"))
        .contains(leader.server().uri() + "/api/v1/tasks/web.instance-1/exec?command=sh");
  }
}
