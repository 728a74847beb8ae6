package dev.slipway.server.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckBreakerTest {
  private final List<CheckBreaker.Patient> patients = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final CheckBreaker breaker = new CheckBreaker(patients::stream, () -> now);

  @Test
  void doubtsChecksThatFailForMostInstancesOfManyApps() {
    instances(CheckBreaker.MIN_APPS, 2, 1);
    instances(1, 1, 1);

    assertThat(breaker.alarm()).contains(new CheckBreaker.Alarm(now, CheckBreaker.MIN_APPS, 6, 11));
  }

  @Test
  void believesThemWhenFewAppsFailOrNotMostInstances() {
    instances(CheckBreaker.MIN_APPS - 1, 10, 10);
    assertThat(breaker.alarm()).isEmpty();

    later();
    patients.clear();
    instances(20, 2, 1);
    assertThat(breaker.alarm()).isEmpty();
  }

  @Test
  void believesThemAgainWhenMostAreWell() {
    instances(10, 3, 3);
    Instant since = now;
    later();
    assertThat(breaker.alarm()).isPresent();
    later();
    assertThat(breaker.alarm().orElseThrow().since()).isEqualTo(since.plusSeconds(2));

    patients.clear();
    instances(10, 3, 1);
    assertThat(breaker.alarm()).as("it is judged once a second").isPresent();
    later();
    assertThat(breaker.alarm()).isEmpty();
  }

  private void later() {
    now = now.plusSeconds(2);
  }

  private void instances(int apps, int each, int failing) {
    for (int app = 0; app < apps; app++) {
      for (int i = 0; i < each; i++) {
        patients.add(new CheckBreaker.Patient(PathId.of("/app" + app), i < failing));
      }
    }
  }
}
