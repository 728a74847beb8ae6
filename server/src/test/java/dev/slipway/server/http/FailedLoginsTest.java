package dev.slipway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  private final AtomicLong clock = new AtomicLong(1_000);
  private final FailedLogins logins = new FailedLogins(clock::get);

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      logins.failed(address);
    }
  }

  @Test
  void anAddressIsBlockedUntilItsWindowIsOver() {
    fail("a", FailedLogins.ALLOWED - 1);
    assertThat(logins.blocked("a")).isEmpty();
    fail("a", 1);
    assertThat(logins.blocked("a")).contains(FailedLogins.WINDOW);
    assertThat(logins.blocked("b")).isEmpty();

    clock.addAndGet(FailedLogins.WINDOW.toNanos());
    assertThat(logins.blocked("a")).isEmpty();
    fail("a", 1);
    assertThat(logins.blocked("a")).isEmpty();
  }

  @Test
  void rareMistakesNeverBlock() {
    for (int i = 0; i < 100; i++) {
      fail("a", 1);
      clock.addAndGet(Duration.ofSeconds(10).toNanos());
      assertThat(logins.blocked("a")).isEmpty();
    }
  }

  @Test
  void whoFailedLongestAgoIsForgottenWhenThereAreTooMany() {
    fail("first", FailedLogins.ALLOWED);
    for (int i = 0; i < FailedLogins.MAX_ADDRESSES - 1; i++) {
      fail("address " + i, 1);
    }
    assertThat(logins.blocked("first")).isPresent();
    fail("one more", 1);

    assertThat(logins.blocked("first")).isEmpty();
  }
}
