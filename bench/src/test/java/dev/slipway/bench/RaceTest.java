package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.Measurement.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RaceTest {
  private static final Metric TIME = Metric.told("start", "ms");
  private static final Metric RATE = new Metric("bind", "pods/s", Optional.empty(), true);

  private final List<String> notes = new ArrayList<>();

  @Test
  void allRunInTurnAndTheirMediansStandBesideEachOther() throws Exception {
    List<Measurement> told =
        race(entrant("deployment", TIME, 300, 500, 400), entrant(Race.OURS, TIME, 200, 190, 210));
    assertThat(told).extracting(Measurement::value).containsExactly(200.0, 400.0);
    assertThat(told.getFirst().peer()).isEmpty();
    assertThat(told.getLast().peer()).contains("deployment");
    assertThat(told.getLast().ratio()).hasValue(2.0);
    assertThat(told.getLast().json().write())
        .contains("\"spread\":[300,500]")
        .contains("\"command\":\"./slipway bench kubernetes part --runs 3\"");
    assertThat(notes)
        .hasSize(6)
        .satisfies(lines -> assertThat(lines.get(0)).contains("part deployment: run 1 of 3"))
        .satisfies(lines -> assertThat(lines.get(1)).contains("part slipway: run 1 of 3"));
  }

  @Test
  void aHigherRateIsAHigherRatio() throws Exception {
    List<Measurement> told =
        race(
            entrant(Race.OURS, RATE, 900, 900, 900),
            entrant("kube-scheduler", RATE, 200, 300, 310));
    assertThat(told.getLast().ratio()).hasValue(3.0);
  }

  @Test
  void withoutOursThereIsNoRatio() throws Exception {
    assertThat(race(entrant("deployment", TIME, 1, 2, 3)))
        .singleElement()
        .satisfies(each -> assertThat(each.ratio()).isEmpty());
  }

  @Test
  void whoFailsIsToldAndTheOthersGoOn() throws Exception {
    var failing =
        new Race.Entrant(
            Race.OURS,
            () -> {
              throw new IOException("the disk is full");
            });
    Race.Result result =
        new Race("kubernetes", "part", List.of(failing, entrant("deployment", TIME, 1, 2)))
            .run(2, notes::add);
    assertThat(result.whole()).isFalse();
    assertThat(result.figures())
        .singleElement()
        .satisfies(each -> assertThat(each.value()).isEqualTo(1.5));
    assertThat(notes)
        .anySatisfy(line -> assertThat(line).endsWith("run 2 of 2 failed: the disk is full"));
  }

  private List<Measurement> race(Race.Entrant... entrants) throws InterruptedException {
    return new Race("kubernetes", "part", List.of(entrants)).run(3, notes::add).figures();
  }

  private static Race.Entrant entrant(String name, Metric metric, double... values) {
    Iterator<Double> each = Arrays.stream(values).boxed().iterator();
    return new Race.Entrant(name, () -> Map.of(metric, each.next()));
  }
}
