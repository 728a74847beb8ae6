package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.Measurement.Metric;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final String COMMAND = "./slipway bench local start --runs 3";

  @Test
  void aLineHasExactlyTheFieldsThatProgramsRead() {
    var measurement =
        new Measurement(
            "local",
            Metric.atMost(1500, "cold_start", "ms"),
            Samples.of(1310.4, 1290, 1400),
            COMMAND);
    assertThat(measurement.json().write())
        .isEqualTo(
            """
            {"bench":"local","metric":"cold_start","value":1310,"unit":"ms","bar":1500,"ok":true,\
            "peer":null,"ratio":null,"spread":[1290,1400],"command":"%s"}"""
                .formatted(COMMAND));
  }

  @Test
  void aBarThatIsMissedIsToldAsSuch() {
    var measurement =
        new Measurement(
            "local", Metric.atMost(1, "cpu_idle", "%"), Samples.of(1.234, 0.5, 2), COMMAND);
    assertThat(measurement.json().write())
        .contains("\"value\":1.23,")
        .contains("\"bar\":1,\"ok\":false,")
        .contains("\"spread\":[0.5,2]");
  }

  @Test
  void aBarOfNothingIsMetByNothingOnly() {
    Metric metric = Metric.atMost(0, "restart_task_restarts", "tasks");
    assertThat(new Measurement("local", metric, Samples.of(0), COMMAND).ok()).contains(true);
    assertThat(new Measurement("local", metric, Samples.of(1), COMMAND).ok()).contains(false);
  }

  @Test
  void withoutABarNothingIsJudged() {
    var measurement =
        new Measurement(
            "local", Metric.told("journal_appends", "1/s"), Samples.of(1834.7), COMMAND);
    assertThat(measurement.json().write())
        .contains("\"value\":1835,\"unit\":\"1/s\",\"bar\":null,\"ok\":null,");
  }
}
