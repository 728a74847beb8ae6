package dev.slipway.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstanceHealthTest {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final ProbeResult WELL = new ProbeResult.Success(START.plusSeconds(5));
  private static final ProbeResult ILL = new ProbeResult.Failure(START.plusSeconds(5), "refused");
  private static final HealthCheck CHECK =
      new HealthCheck(
          new HealthCheck.Probe.Exec("true"),
          Duration.ZERO,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          2,
          false);

  private static InstanceHealth.Change fold(InstanceHealth health, int index, ProbeResult result) {
    return health.fold(index, CHECK, START, result);
  }

  @Test
  void isHealthyWhenAllChecksAre() {
    var first = fold(InstanceHealth.unknown(2), 0, WELL);
    assertThat(first.verdict()).isEqualTo(HealthVerdict.UNCHANGED);
    assertThat(first.health().healthy()).isEmpty();
    var second = fold(first.health(), 1, WELL);
    assertThat(second.verdict()).isEqualTo(HealthVerdict.BECAME_HEALTHY);
    assertThat(second.health().healthy()).contains(true);
  }

  @Test
  void isUnhealthyAsSoonAsOneCheckFails() {
    var change = fold(InstanceHealth.unknown(2), 1, ILL);
    assertThat(change.verdict()).isEqualTo(HealthVerdict.BECAME_UNHEALTHY);
    assertThat(change.health().healthy()).contains(false);
  }

  @Test
  void staysUnhealthyUntilTheLastFailingCheckSucceeds() {
    var both = InstanceHealth.recovered(2, Optional.of(true), START);
    var one = fold(both, 0, ILL);
    assertThat(one.verdict()).isEqualTo(HealthVerdict.BECAME_UNHEALTHY);
    var two = fold(one.health(), 1, ILL);
    assertThat(two.verdict()).isEqualTo(HealthVerdict.UNCHANGED);
    var back = fold(two.health(), 0, WELL);
    assertThat(back.verdict()).isEqualTo(HealthVerdict.UNCHANGED);
    assertThat(back.health().healthy()).contains(false);
    assertThat(fold(back.health(), 1, WELL).verdict()).isEqualTo(HealthVerdict.BECAME_HEALTHY);
  }

  @Test
  void isToBeKilledWhenAnyCheckSaysSo() {
    var health = InstanceHealth.recovered(2, Optional.of(true), START);
    var once = fold(health, 0, ILL).health();
    var other = fold(once, 1, ILL);
    assertThat(other.verdict()).isEqualTo(HealthVerdict.UNCHANGED);
    assertThat(fold(other.health(), 0, ILL).verdict()).isEqualTo(HealthVerdict.KILL);
  }

  @Test
  void recoversWhatWasRecorded() {
    assertThat(InstanceHealth.recovered(2, Optional.of(true), START).healthy()).contains(true);
    assertThat(InstanceHealth.recovered(2, Optional.of(false), START).healthy()).contains(false);
    assertThat(InstanceHealth.recovered(2, Optional.empty(), START))
        .isEqualTo(InstanceHealth.unknown(2));
  }

  @Test
  void saysNothingWithoutChecks() {
    assertThat(InstanceHealth.unknown(0).healthy()).isEmpty();
    assertThat(InstanceHealth.recovered(0, Optional.of(true), START).healthy()).isEmpty();
    assertThatThrownBy(() -> fold(InstanceHealth.unknown(0), 0, WELL))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
