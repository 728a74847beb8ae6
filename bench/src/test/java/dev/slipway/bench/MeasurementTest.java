package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.Measurement.Metric;
import java.util.Optional;
import java.util.OptionalDouble;
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

  @Test
  void aPeersFigureTellsWhoseItIsAndHowManyTimesAsMuchIsOurs() {
    var measurement =
        new Measurement(
            "placement",
            Metric.told("equal.decisions", "1/s"),
            Samples.of(2_000),
            COMMAND,
            Optional.of("Fenzo 1.0"),
            OptionalDouble.of(61.5));
    assertThat(measurement.json().write()).contains("\"peer\":\"Fenzo 1.0\",\"ratio\":61.5,");
  }

  @Test
  void aBarMayBeTheLeastThatIsWanted() {
    Metric metric = Metric.atLeast(100_000, "decisions", "1/s");
    assertThat(new Measurement("placement", metric, Samples.of(99_999), COMMAND).ok())
        .contains(false);
    assertThat(new Measurement("placement", metric, Samples.of(100_000), COMMAND).ok())
        .contains(true);
  }
}
