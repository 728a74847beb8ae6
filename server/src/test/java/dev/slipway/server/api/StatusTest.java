package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusTest {
  private static final Pattern SAMPLE =
      Pattern.compile("[a-z0-9_]+(\\{([a-z_]+=\"[^\"]*\",?)+})? (-?[0-9.]+(E[0-9]+)?|NaN)");

  private World world;
  private ApiFixture api;

  @BeforeEach
  void start() {
    world = World.withNodes(2, 1);
    api = new ApiFixture(world);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void healthIsToldInWords() {
    assertThat(api.client.get("/health").body())
        .isEqualTo(
            "{\"status\":\"ok\",\"leader\":true,\"journal\":\"writable\",\"backlog\":0,\"engine\":\"ok\"}");
    api.health = new ServerHealth(true, Optional.of("the disk is full"), 5, Optional.empty());
    var failing = api.client.get("/health");

    assertThat(failing.status()).isEqualTo(503);
    assertThat(failing.body())
        .isEqualTo(
            "{\"status\":\"failing\",\"leader\":true,\"journal\":\"the disk is full\",\"backlog\":5,\"engine\":\"ok\"}");
  }

  @Test
  void anEngineThatTakesNoOrdersIsToldAndNobodyIsSentAway() {
    api.health =
        new ServerHealth(true, Optional.empty(), 0, Optional.of("orders are put off: it is away"));
    var degraded = api.client.get("/health");

    assertThat(degraded.status()).isEqualTo(200);
    assertThat(degraded.body())
        .contains("\"status\":\"degraded\"", "\"engine\":\"orders are put off: it is away\"");
  }

  @Test
  void whoeverDoesNotLeadIsNotWell() {
    api.health = new ServerHealth(false, Optional.empty(), 0, Optional.empty());

    assertThat(api.client.get("/health").status()).isEqualTo(503);
  }

  private List<String> scrape() {
    var answer = api.client.get("/metrics/prometheus");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type").orElse("")).startsWith("text/plain");
    return answer.body().lines().toList();
  }

  @Test
  void everyLineOfTheMetricsIsACommentOrASample() {
    assertThat(scrape())
        .allSatisfy(
            line ->
                assertThat(line.startsWith("# ") || SAMPLE.matcher(line).matches())
                    .as(line)
                    .isTrue());
  }

  @Test
  void metricsFollowTheState() {
    world.put(World.app("/a", 0.1, 2), World.app("/big", 5, 3));
    world.allRun("/a");

    assertThat(scrape())
        .contains(
            "slipway_apps 2.0",
            "slipway_instances{state=\"running\"} 2.0",
            "slipway_instances{state=\"scheduled\"} 3.0",
            "slipway_instances{state=\"staging\"} 0.0",
            "slipway_nodes{state=\"ready\"} 2.0",
            "slipway_nodes_pressure{level=\"none\"} 2.0",
            "slipway_deployments{state=\"running\"} 1.0",
            "slipway_control_inputs_total 42.0",
            "slipway_control_backlog 3.0")
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
    world.put(World.app("/a", 0.1, 1));
    assertThat(scrape())
        .contains(
            "slipway_instances{state=\"running\"} 1.0", "slipway_instances{state=\"killing\"} 1.0");
  }

  @Test
  void requestsAreCountedByRouteAndNotByAddress() {
    for (int i = 0; i < 20; i++) {
      api.client.get("/api/v1/apps/app" + i + "/explain");
      api.client.get("/nothing/" + i);
      api.client.send("BREW" + i, "/api/v1/nodes", Optional.empty());
    }
    List<String> counted =
        scrape().stream().filter(line -> line.startsWith("slipway_http_requests_total{")).toList();

    assertThat(counted)
        .containsExactlyInAnyOrder(
            "slipway_http_requests_total{method=\"GET\",route=\"/api/v1/apps/<id>/explain\",status=\"4xx\"} 20.0",
            "slipway_http_requests_total{method=\"GET\",route=\"none\",status=\"4xx\"} 20.0",
            "slipway_http_requests_total{method=\"other\",route=\"none\",status=\"4xx\"} 20.0");
  }

  @Test
  void metricsComeInMarathonsFormUnlessPrometheusAsks() {
    world.put(World.app("/a", 0.1, 2));
    world.allRun("/a");
    var json = api.json("/metrics");

    assertThat(json.at("/version").asString("")).isEqualTo("4.0.0");
    assertThat(json.at("/gauges/marathon.apps.active.gauge/value").asInt(-1)).isEqualTo(1);
    assertThat(json.at("/gauges/marathon.instances.running.gauge/value").asInt(-1)).isEqualTo(2);
    assertThat(json.at("/gauges/marathon.uptime.gauge.seconds/value").asDouble(-1)).isPositive();
    assertThat(json.at("/gauges/slipway.instances.running/value").asInt(-1)).isEqualTo(2);
    assertThat(json.at("/counters/slipway.control.inputs/count").asInt(-1)).isEqualTo(42);
    assertThat(json.propertyNames())
        .containsExactly("version", "gauges", "counters", "histograms", "meters", "timers");
    assertThat(
            api.client.get("/metrics", "Accept: text/plain;version=0.0.4;q=0.5,*/*;q=0.1").body())
        .contains("slipway_apps 1.0");
  }

  @Test
  void theConfigurationIsToldWithoutSecrets() {
    assertThat(api.json("/config")).isEqualTo(api.json("/api/v1/info"));
  }
}
