package dev.slipway.example.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `group.json` says what the code and the packages can keep.
class GroupFileTest {
  private static final Map<String, String> ARTIFACTS =
      Map.of("queue", "slipway://queue.tar.gz", "site", "slipway://crawler.tar.gz");

  private final JsonNode group = RunningCrawl.JSON.readTree(Path.of("group.json").toFile());
  private final Map<String, JsonNode> apps =
      StreamSupport.stream(group.get("apps").spliterator(), false)
          .collect(Collectors.toMap(app -> app.get("id").asString(), app -> app));

  @Test
  void everyRoleIsAnApp() {
    assertThat(group.get("id").asString()).isEqualTo("/crawler");
    assertThat(apps).containsOnlyKeys("site", "queue", "store", "fetch", "parse");
    apps.forEach(
        (id, app) ->
            assertThat(app.get("cmd").asString())
                .endsWith("dev.slipway.example.crawler.Main " + id));
  }

  @Test
  void allFitOnTwoCoresAndFourGigabytesEvenWhileParsersAreUpdated() {
    double cpus = 0;
    double mem = 0;
    for (JsonNode app : apps.values()) {
      double over = app.get("upgradeStrategy").get("maximumOverCapacity").asDouble();
      int instances = (int) Math.floor(app.get("instances").asInt() * (1 + over));
      cpus += app.get("cpus").asDouble() * instances;
      mem += app.get("mem").asDouble() * instances;
    }
    assertThat(cpus).isLessThanOrEqualTo(2.0);
    assertThat(mem).isLessThanOrEqualTo(4096);
  }

  @Test
  void theHeapLeavesRoomInTheMemoryOfTheTask() {
    apps.forEach(
        (id, app) -> {
          int heap =
              Integer.parseInt(app.get("cmd").asString().replaceAll(".*-Xmx(\\d+)m.*", "$1"));
          assertThat(heap + 75).as(id).isLessThanOrEqualTo(app.get("mem").asInt());
        });
  }

  @Test
  void codeComesFromThePackagesOfTheBuild() {
    apps.forEach(
        (id, app) ->
            assertThat(app.get("fetch").get(0).get("uri").asString())
                .isEqualTo(ARTIFACTS.getOrDefault(id, "slipway://crawler.tar.gz")));
  }

  @Test
  void workersStartAfterWhatTheyTalkTo() {
    assertThat(dependencies("fetch")).contains("/crawler/queue", "/crawler/store");
    assertThat(dependencies("parse")).contains("/crawler/queue", "/crawler/store");
    assertThat(dependencies("store")).contains("/crawler/queue", "/crawler/site");
  }

  @Test
  void addressesNameTheFixedPorts() {
    String site = "http://127.0.0.1:" + port("site");
    String queue = "http://127.0.0.1:" + port("queue");
    for (String worker : List.of("store", "fetch", "parse")) {
      assertThat(app(worker).get("env").get("QUEUE_URL").asString()).isEqualTo(queue);
    }
    assertThat(app("store").get("env").get("SITE_URL").asString()).isEqualTo(site);
    assertThat(app("fetch").get("env").get("SITE_URL").asString()).isEqualTo(site);
    assertThat(app("fetch").get("env").get("FETCH_WORKERS").asString())
        .isEqualTo(app("fetch").get("instances").asString());
  }

  private List<String> dependencies(String app) {
    return StreamSupport.stream(app(app).get("dependencies").spliterator(), false)
        .map(JsonNode::asString)
        .toList();
  }

  private int port(String app) {
    assertThat(app(app).get("requirePorts").asBoolean()).isTrue();
    return app(app).get("portDefinitions").get(0).get("port").asInt();
  }

  private JsonNode app(String id) {
    return Objects.requireNonNull(apps.get(id), id);
  }
}
