package dev.slipway.example.crawler.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  @Test
  void pausesGrowAndEnd() {
    assertThat(RetryPolicy.pauseAfter(1, Duration.ZERO, 1)).contains(Duration.ofSeconds(1));
    assertThat(RetryPolicy.pauseAfter(2, Duration.ZERO, 1)).contains(Duration.ofSeconds(2));
    assertThat(RetryPolicy.pauseAfter(4, Duration.ZERO, 1)).contains(Duration.ofSeconds(8));
    assertThat(RetryPolicy.pauseAfter(5, Duration.ZERO, 1)).isEmpty();
  }

  @Test
  void chanceSpreadsThePause() {
    assertThat(RetryPolicy.pauseAfter(1, Duration.ZERO, 0)).contains(Duration.ofMillis(500));
    assertThat(RetryPolicy.pauseAfter(1, Duration.ZERO, 0.5)).contains(Duration.ofMillis(750));
  }

  @Test
  void theServersWishIsKeptWithinReason() {
    assertThat(RetryPolicy.pauseAfter(1, Duration.ofSeconds(20), 1))
        .contains(Duration.ofSeconds(20));
    assertThat(RetryPolicy.pauseAfter(1, Duration.ofDays(9), 1)).contains(Duration.ofSeconds(60));
  }
}
