package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.scheduling.Mix;
import dev.slipway.bench.scheduling.Workload;
import dev.slipway.bench.scheduling.peers.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final Contest.Pace SHORT =
      new Contest.Pace(Duration.ofMillis(20), Duration.ofMillis(50));
  private static final String COMMAND = "./slipway bench placement small --runs 2";

  @Test
  void eachContestantHasALineForEachFigureAndPeersARatio() {
    List<Measurement> found = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    // A peer stands in for our own, so that there is something to compare with.
    var contest =
        new Contest(
            Workload.of(30, 8, Mix.CONSTRAINED.getLast()),
            Peers.FITTING.subList(0, 1),
            Peers.FENZO,
            SHORT);
    assertThat(contest.run(2, COMMAND, notes::add, found::add)).isPresent();
    assertThat(notes).hasSize(3).anySatisfy(line -> assertThat(line).contains("fenzo-0.5"));
    assertThat(found)
        .filteredOn(each -> each.metric().name().equals("30x8-mixed-empty-single.decisions"))
        .hasSize(3)
        .allSatisfy(each -> assertThat(each.value()).isPositive())
        .satisfies(
            lines -> {
              assertThat(lines.getFirst().peer()).isEmpty();
              assertThat(lines.getLast().peer()).contains("fenzo-0.5");
              assertThat(lines.getLast().ratio()).isPresent();
            });
    assertThat(found)
        .filteredOn(each -> each.metric().name().endsWith(".violations"))
        .hasSize(3)
        .allSatisfy(each -> assertThat(each.value()).isZero());
    assertThat(found)
        .anySatisfy(each -> assertThat(each.metric().name()).endsWith("single.times_fenzo-1.0"));
    assertThat(found.getFirst().json().write())
        .startsWith("{\"bench\":\"placement\",\"metric\":\"30x8-mixed-empty-single.decisions\"");
  }
}
