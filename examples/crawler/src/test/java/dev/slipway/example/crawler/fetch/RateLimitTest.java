package dev.slipway.example.crawler.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final RateLimit rates = new RateLimit();

  @Test
  void requestsToOneHostAreAPauseApart() {
    assertThat(rates.reserve("a", PAUSE, 0)).isZero();
    assertThat(rates.reserve("a", PAUSE, 0)).isEqualTo(PAUSE);
    assertThat(rates.reserve("a", PAUSE, Duration.ofMillis(50).toNanos()))
        .isEqualTo(Duration.ofMillis(150));
  }

  @Test
  void hostsDoNotWaitForEachOther() {
    rates.reserve("a", PAUSE, 0);
    assertThat(rates.reserve("b", PAUSE, 0)).isZero();
  }

  @Test
  void timeThatWasNotUsedIsNotSavedUp() {
    rates.reserve("a", PAUSE, 0);
    long later = Duration.ofHours(1).toNanos();
    assertThat(rates.reserve("a", PAUSE, later)).isZero();
    assertThat(rates.reserve("a", PAUSE, later)).isEqualTo(PAUSE);
  }

  @Test
  void onlySoManyHostsAreRemembered() {
    rates.reserve("first", PAUSE, 0);
    for (int host = 0; host < RateLimit.HOSTS; host++) {
      rates.reserve("host" + host, PAUSE, 0);
    }
    assertThat(rates.reserve("first", PAUSE, 0)).isZero();
    assertThat(rates.reserve("host500", PAUSE, 0)).isEqualTo(PAUSE);
  }
}
