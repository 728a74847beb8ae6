package dev.slipway.server.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PlacementPolicyTest {
  private static final String PATH = "/api/v1/placement/policy";
  private static final String LARGE =
      """
      {"count":2,"cpus":4.0,"mem":8192.0,"disk":0.0,"gpus":1,"constraints":[["zone","IS","a"]]}""";

  private final World world = World.withNodes(1, 1);
  private final ApiFixture api = new ApiFixture(world);

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void isTheDefaultUntilItIsSet() {
    assertThat(api.json(PATH))
        .isEqualTo(
            json(
                """
                {"cpuOvercommitPercent":100,"headroom":{},
                 "preemption":{"enabled":true,"victimsPerMinute":60},
                 "rebalancing":{"automatic":false,"movesAtOnce":5,"minimumGain":0.05,"intervalSeconds":600}}"""));
    assertThat(world.state().placementPolicy()).isEqualTo(PlacementPolicy.DEFAULT);
  }

  @Test
  void isReplacedWhole() {
    send("PUT", "{\"cpuOvercommitPercent\":200,\"preemption\":{\"enabled\":false}}");
    assertThat(send("PUT", "{\"headroom\":{\"large\":" + LARGE + "}}").status()).isEqualTo(200);

    var policy = world.state().placementPolicy();
    assertThat(policy.cpuOvercommitPercent()).isEqualTo(100);
    assertThat(policy.preemption()).isEqualTo(PlacementPolicy.Preemption.DEFAULT);
    assertThat(requireNonNull(policy.headroom().get("large")).resources())
        .isEqualTo(Resources.of(4, 8192, 0, 1));
    assertThat(api.json(PATH).get("headroom").get("large")).isEqualTo(json(LARGE));
  }

  @Test
  void isPatchedInPlaces() {
    send("PUT", "{\"headroom\":{\"large\":" + LARGE + "}}");

    send(
        "PATCH",
        "{\"cpuOvercommitPercent\":150,\"headroom\":{\"small\":{\"count\":1,\"cpus\":1}}}");
    send("PATCH", "{\"headroom\":{\"large\":{\"count\":5}},\"rebalancing\":{\"minimumGain\":0.5}}");

    var policy = world.state().placementPolicy();
    assertThat(policy.cpuOvercommitPercent()).isEqualTo(150);
    assertThat(policy.headroom().keySet()).containsExactly("large", "small");
    assertThat(requireNonNull(policy.headroom().get("large")).count()).isEqualTo(5);
    assertThat(requireNonNull(policy.headroom().get("large")).constraints()).hasSize(1);
    assertThat(policy.rebalancing().minimumGain()).isEqualTo(0.5);
    assertThat(policy.rebalancing().movesAtOnce()).isEqualTo(5);

    send("PATCH", "{\"headroom\":{\"large\":null},\"cpuOvercommitPercent\":null}");
    assertThat(world.state().placementPolicy().headroom().keySet()).containsExactly("small");
    assertThat(world.state().placementPolicy().cpuOvercommitPercent()).isEqualTo(100);
  }

  @Test
  void isChangedOnlyAsItWasRead() {
    String read = api.client.get(PATH).header("etag").orElseThrow();
    String matching = "If-Match: " + read;

    assertThat(send("PUT", "{\"cpuOvercommitPercent\":150}", matching).status()).isEqualTo(200);
    RawClient.Answer late = send("PUT", "{\"cpuOvercommitPercent\":300}", matching);

    assertThat(late.status()).isEqualTo(412);
    assertThat(json(late.body()).get("detail").asString()).contains("read it again");
    assertThat(world.state().placementPolicy().cpuOvercommitPercent()).isEqualTo(150);
    assertThat(send("PATCH", "{}", "If-Match: *").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'cpuOvercommitPercent':99}|/cpuOvercommitPercent is to be a number from 100 to 1000",
        "{'cpuOvercommitPercent':1e999}|/cpuOvercommitPercent is to be a number from 100 to 1000",
        "{'cpuOvercommitPercent':150.5}|/cpuOvercommitPercent is to be a whole number",
        "{'cpuOvercommitPercent':'150'}|/cpuOvercommitPercent is to be a number",
        "{'cpuOvercommit':150}|/cpuOvercommit is unknown; there are cpuOvercommitPercent, headroom",
        "[]|/ is to be an object",
        "{'preemption':{'victimsPerMinute':0}}|/preemption/victimsPerMinute is to be a number from 1",
        "{'preemption':{'enabled':1}}|/preemption/enabled is to be true or false",
        "{'preemption':7}|/preemption is to be an object",
        "{'rebalancing':{'minimumGain':-0.1}}|/rebalancing/minimumGain is to be a number from 0 to 1",
        "{'rebalancing':{'intervalSeconds':5}}|/rebalancing/intervalSeconds is to be a number from 10",
        "{'headroom':{'A':{'count':1,'cpus':1}}}|/headroom a class has a name of a-z",
        "{'headroom':{'a':{'cpus':1}}}|/headroom/a/count is missing",
        "{'headroom':{'a':{'count':1}}}|/headroom/a asks for nothing",
        "{'headroom':{'a':{'count':1,'cpus':-1}}}|/headroom/a/cpus is to be a number from 0",
        "{'headroom':{'a':{'count':1,'cpus':1e30}}}|/headroom/a/cpus is to be a number from 0",
        "{'headroom':{'a':{'count':1,'gpus':1.5}}}|/headroom/a/gpus is to be a whole number",
        "{'headroom':{'a':{'count':1,'memory':1}}}|/headroom/a/memory is unknown",
        "{'headroom':{'a':{'count':999,'cpus':1},'b':{'count':2,'cpus':1}}}|at most 1000 slots in all, and has 1001",
        "{'headroom':{'a':{'count':1,'cpus':1,'constraints':[['zone','UNIQUE']]}}}|/headroom/a/constraints/0 is to be",
        "{'headroom':{'a':{'count':1,'cpus':1,'constraints':[['zone','LIKE','(']]}}}|/headroom/a/constraints/0 is to be"
      })
  void saysWhatIsWrongAndWhere(String body, String detail) {
    for (String method : new String[] {"PUT", "PATCH"}) {
      RawClient.Answer answer = send(method, body.replace('\'', '"'));

      assertThat(answer.status()).as(method).isEqualTo(422);
      assertThat(answer.header("content-type").orElseThrow()).contains("application/problem+json");
      assertThat(json(answer.body()).get("detail").asString()).contains(detail);
      assertThat(world.state().placementPolicy()).isEqualTo(PlacementPolicy.DEFAULT);
    }
  }

  @Test
  void tellsAllFaultsAtOnce() {
    String body = "{\"cpuOvercommitPercent\":1,\"colour\":\"red\"}";

    assertThat(json(send("PUT", body).body()).get("detail").asString())
        .contains("/cpuOvercommitPercent")
        .contains("; /colour is unknown");
  }

  @Test
  void whatIsNoJsonIsABadRequest() {
    assertThat(send("PUT", "{\"cpuOvercommitPercent\":NaN}").status()).isEqualTo(400);
    assertThat(send("PATCH", "").status()).isEqualTo(400);
  }

  @Test
  void tellsHowMuchHeadroomIsFree() {
    send(
        "PUT",
        "{\"headroom\":{\"a\":{\"count\":3,\"cpus\":0.5},\"b\":{\"count\":1,\"mem\":5000}}}");

    assertThat(api.json("/api/v1/placement/headroom"))
        .isEqualTo(
            json(
                """
                {"missing":2,"classes":[{"name":"a","count":3,"fitting":2,"missing":1},
                                        {"name":"b","count":1,"fitting":0,"missing":1}]}"""));
    assertThat(api.client.get("/metrics/prometheus").body())
        .contains("slipway_headroom_missing{class=\"a\"} 1.0")
        .contains("slipway_headroom_missing{class=\"b\"} 1.0");

    send("PATCH", "{\"headroom\":{\"b\":null,\"a\":{\"count\":2}}}");
    assertThat(api.client.get("/metrics/prometheus").body())
        .contains("slipway_headroom_missing{class=\"a\"} 0.0")
        .doesNotContain("class=\"b\"");
  }

  @Test
  void saysThatRoomIsKeptFree() {
    send("PUT", "{\"headroom\":{\"a\":{\"count\":1,\"cpus\":1}}}");
    AppSpec batch = World.app("/batch", 0.5, 1);
    world.put(
        batch.toBuilder()
            .scheduling(new Scheduling(List.of(), List.of(), List.of(), -1, false, false))
            .build());

    JsonNode explained = api.json("/api/v1/apps/batch/explain");

    assertThat(explained.get("nodes").get(0).get("reason").asString())
        .isEqualTo("KEPT_AS_HEADROOM");
    assertThat(explained.get("nodes").get(0).get("detail").asString()).endsWith("as headroom: a");
    assertThat(explained.get("waits").get(0).get("reason").asString())
        .contains("1 node keeps its room free as headroom");
  }

  private RawClient.Answer send(String method, String body, String... headers) {
    String[] all = new String[headers.length + 1];
    all[0] = "Content-Type: application/json";
    System.arraycopy(headers, 0, all, 1, headers.length);
    return api.client.send(method, PATH, body, all);
  }

  private static JsonNode json(String text) {
    return Json.mapper().readTree(text);
  }
}
