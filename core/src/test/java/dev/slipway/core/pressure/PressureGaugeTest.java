package dev.slipway.core.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.node.Pressure.Level;
import dev.slipway.core.pressure.NodeUse.OfTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PressureGaugeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Resources CAPACITY = Resources.of(4, 4096, 0, 0);
  private static final Duration ROUND = Duration.ofSeconds(5);

  private Instant now = START;
  private PressureGauge gauge = PressureGauge.begin(use(quiet()), Pressure.NONE);

  private static OfTask task(String app, double cpus, long mebibytes) {
    return new OfTask(
        PathId.of(app), cpus, mebibytes * Resources.MEBIBYTE, Resources.of(1, 512, 0, 0));
  }

  private static OfTask quiet() {
    return task("/quiet", 0.5, 100);
  }

  private NodeUse use(OfTask... tasks) {
    return new NodeUse(now, CAPACITY, List.of(tasks));
  }

  /// The levels that were passed through.
  private List<Level> during(Duration time, OfTask... tasks) {
    List<Level> levels = new ArrayList<>();
    for (Instant end = now.plus(time); now.isBefore(end); ) {
      now = now.plus(ROUND);
      gauge = gauge.read(use(tasks));
      Level level = gauge.pressure().level();
      if (levels.isEmpty() || levels.getLast() != level) {
        levels.add(level);
      }
    }
    return levels;
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }

  @Test
  void saysNothingBeforeEnoughWasSeen() {
    during(ROUND.multipliedBy(PressureGauge.LEAST_SAMPLES - 2), quiet());
    assertThat(gauge.verdict()).isEmpty();

    during(ROUND, quiet());
    assertThat(gauge.verdict()).hasValue(Pressure.NONE);
  }

  @Test
  void tasksWithinTheirRequestsPressOnNobodyHoweverBusyTheNodeIs() {
    var busy = new OfTask(PathId.of("/busy"), 4, 0, Resources.of(4, 512, 0, 0));
    during(minutes(10), busy);
    assertThat(gauge.pressure()).isEqualTo(Pressure.NONE);
  }

  @Test
  void theNoisiestTaskIsNamed() {
    during(minutes(10), quiet(), task("/noisy", 3.2, 100), task("/loud", 1.1, 100));

    assertThat(gauge.pressure())
        .isEqualTo(new Pressure(Level.HIGH, "/noisy uses cpus 3.2 of 1 requested"));
  }

  @Test
  void aShortBurstSaysNothing() {
    during(minutes(10), quiet());
    assertThat(during(Duration.ofSeconds(15), task("/noisy", 3.5, 100)))
        .containsExactly(Level.NONE);
    assertThat(during(minutes(5), quiet())).containsExactly(Level.NONE);
  }

  @Test
  void theMorePartOfTheProcessorsIsTakenTheHigherTheLevel() {
    assertThat(during(minutes(10), task("/noisy", 1.5, 100))).last().isEqualTo(Level.LOW);
    assertThat(during(minutes(10), task("/noisy", 2.2, 100))).last().isEqualTo(Level.MEDIUM);
    assertThat(during(minutes(10), task("/noisy", 3.1, 100))).last().isEqualTo(Level.HIGH);
  }

  @Test
  void onANodeThatIsBusyToTheBrimALittleIsEnough() {
    var others = new OfTask(PathId.of("/others"), 2.5, 0, Resources.of(3, 512, 0, 0));
    during(minutes(10), others, task("/noisy", 1.45, 100));
    assertThat(gauge.pressure().level()).isEqualTo(Level.HIGH);
  }

  @Test
  void memoryThatRunsOutIsPressureWhoeverRequestedIt() {
    during(minutes(10), quiet(), task("/large", 0.1, 3700));

    assertThat(gauge.pressure())
        .isEqualTo(new Pressure(Level.MEDIUM, "/large uses mem 3700 MiB of 512 MiB requested"));
  }

  @Test
  void aLevelIsLeftOnlyWellBelowWhatRaisedIt() {
    during(minutes(10), task("/noisy", 1.45, 100));
    assertThat(gauge.pressure().level()).isEqualTo(Level.LOW);

    assertThat(during(minutes(20), task("/noisy", 1.35, 100))).containsExactly(Level.LOW);
    assertThat(during(minutes(20), task("/noisy", 1.1, 100))).last().isEqualTo(Level.NONE);
  }

  @Test
  void useThatSwingsAroundAThresholdChangesTheLevelOnce() {
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      levels.addAll(during(Duration.ofSeconds(30), task("/noisy", i % 2 == 0 ? 1.6 : 1.2, 100)));
    }
    assertThat(levels.stream().distinct()).isSubsetOf(Level.NONE, Level.LOW);
    int changes = 0;
    for (int i = 1; i < levels.size(); i++) {
      changes += levels.get(i) != levels.get(i - 1) ? 1 : 0;
    }
    assertThat(changes).isLessThanOrEqualTo(1);
  }

  @Test
  void whenNothingRunsAnyMoreNothingPresses() {
    during(minutes(10), task("/noisy", 3.2, 100));
    assertThat(during(minutes(10)).getLast()).isEqualTo(Level.NONE);
    assertThat(gauge.pressure().cause()).isEmpty();
  }

  @Test
  void whatComesAfterALongSilenceBeginsAnew() {
    during(minutes(10), task("/noisy", 3.2, 100));
    now = now.plus(PressureGauge.LONGEST_GAP).plus(ROUND);
    gauge = gauge.read(use(quiet()));
    assertThat(gauge.verdict()).isEmpty();
    assertThat(gauge.pressure().level()).isEqualTo(Level.HIGH);
  }

  @Test
  void whatIsNotLaterIsPassedOver() {
    assertThat(gauge.read(use(quiet()))).isSameAs(gauge);
  }
}
