package dev.slipway.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MandateTest {
  private static final long HOUR = Duration.ofHours(1).toNanos();

  @Test
  void oneWithoutEndHoldsUntilItIsGivenUp() {
    Mandate mandate = Mandate.unbounded();
    assertThat(mandate.holds()).isTrue();
    mandate.giveUp();
    assertThat(mandate.holds()).isFalse();
    assertThat(mandate.left()).isEqualTo(Duration.ZERO);
  }

  @Test
  void oneEndsByItselfAndEachRenewalPutsTheEndOff() {
    long now = System.nanoTime();
    Mandate mandate = Mandate.until(now - 1);
    assertThat(mandate.holds()).isFalse();
    mandate.extend(now + HOUR);
    assertThat(mandate.holds()).isTrue();
    assertThat(mandate.left()).isPositive();
  }

  @Test
  void aRenewalThatComesLateDoesNotShortenIt() {
    long now = System.nanoTime();
    Mandate mandate = Mandate.until(now + HOUR);
    mandate.extend(now - HOUR);
    assertThat(mandate.holds()).isTrue();
  }

  @Test
  void oneThatWasGivenUpIsNotRenewed() {
    Mandate mandate = Mandate.until(System.nanoTime() + HOUR);
    mandate.giveUp();
    mandate.extend(System.nanoTime() + 2 * HOUR);
    assertThat(mandate.holds()).isFalse();
  }
}
