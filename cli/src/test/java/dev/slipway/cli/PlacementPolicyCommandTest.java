package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementPolicyCommandTest {
  private static final String PATH = "/api/v1/placement/policy";
  private static final String POLICY =
      """
      {"cpuOvercommitPercent":100,
       "headroom":{"small":{"count":3,"cpus":0.5,"mem":64.0,"disk":0.0,"gpus":0,"constraints":[["@zone","IS","a"]]}},
       "preemption":{"enabled":true,"victimsPerMinute":60},
       "rebalancing":{"automatic":false,"movesAtOnce":5,"minimumGain":0.05,"intervalSeconds":600}}""";

  private final ScriptedServer server = new ScriptedServer();

  @BeforeEach
  void script() {
    server.on("GET " + PATH, POLICY).on("PUT " + PATH, POLICY);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void showsThePolicyAndChangesNothing() {
    Run run = Run.of(server, "placement", "policy");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("100 % are offered")
        .contains("on, at most 60 instances a minute")
        .contains("on request, at most 5 moves at once, gaining 5 % of the nodes")
        .contains("small")
        .contains("@zone IS a");
    assertThat(server.lines()).containsExactly("GET " + PATH);
    assertThat(Run.of(server, "placement", "policy", "--json").json())
        .isEqualTo(Json.read(POLICY.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void changesWhatIsNamedAndLeavesTheRest() {
    Run run =
        Run.of(
            server,
            "placement",
            "policy",
            "--cpu-overcommit",
            "150",
            "--preemption",
            "off",
            "--rebalancing",
            "on",
            "--minimum-gain",
            "0.1",
            "--rebalancing-interval",
            "1h");

    assertThat(run.code()).as(run.err()).isZero();
    Json sent = sent();
    assertThat(sent.at("cpuOvercommitPercent").whole()).isEqualTo(150);
    assertThat(sent.at("headroom").has("small")).isTrue();
    assertThat(sent.at("preemption"))
        .isEqualTo(Json.object(Map.of("enabled", false, "victimsPerMinute", 60)));
    assertThat(sent.at("rebalancing").at("automatic").flag()).isTrue();
    assertThat(sent.at("rebalancing").at("movesAtOnce").whole()).isEqualTo(5);
    assertThat(sent.at("rebalancing").at("minimumGain").number()).isEqualTo(0.1);
    assertThat(sent.at("rebalancing").at("intervalSeconds").whole()).isEqualTo(3600);
  }

  @Test
  void keepsRoomUnderANameAndGivesItUp() {
    Run run =
        Run.of(
            server,
            "placement",
            "policy",
            "--headroom",
            "large=5,cpus=4,mem=8192,@zone=a,disk=0.5",
            "--no-headroom",
            "small");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(sent().at("headroom").write())
        .isEqualTo(
            "{\"large\":{\"count\":5,\"cpus\":4,\"mem\":8192,\"disk\":0.5,"
                + "\"constraints\":[[\"@zone\",\"IS\",\"a\"]]}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"large", "=5", "large=many", "large=5,cpus", "large=5,cpus=NaN"})
  void saysHowRoomIsWritten(String text) {
    Run run = Run.of(server, "placement", "policy", "--headroom", text);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("large=5,cpus=4,mem=8192");
  }

  @Test
  void saysWhatTheServerRefuses() {
    server.on(
        "PUT " + PATH,
        422,
        "{\"title\":\"Unprocessable\",\"status\":422,\"detail\":\"/cpuOvercommitPercent is to be\"}");

    Run run = Run.of(server, "placement", "policy", "--cpu-overcommit", "7");

    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).contains("/cpuOvercommitPercent is to be");
    assertThat(Run.of(server, "placement", "policy", "--no-headroom", "none").code()).isEqualTo(3);
    assertThat(Run.of(server, "placement").code()).isEqualTo(2);
  }

  @Test
  void showsHowMuchHeadroomIsFree() {
    server.on(
        "GET /api/v1/placement/headroom",
        "{\"missing\":2,\"classes\":[{\"name\":\"large\",\"count\":5,\"fitting\":3,\"missing\":2}]}");

    Run run = Run.of(server, "placement", "headroom");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().get(1)).matches("large +5 +3 +2");
  }

  private Json sent() {
    return Json.read(
        server.request("PUT " + PATH).body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
