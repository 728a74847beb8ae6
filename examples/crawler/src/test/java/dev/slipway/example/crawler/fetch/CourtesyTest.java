package dev.slipway.example.crawler.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.example.crawler.worker.Environment;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CourtesyTest {
  private static Courtesy with(Map<String, String> variables) {
    return Courtesy.of(new Environment(variables));
  }

  @Test
  void onlyTheOwnSiteIsAskedFast() {
    Courtesy courtesy = with(Map.of("SITE_URL", "http://127.0.0.1:19080"));
    assertThat(courtesy.pause("http://127.0.0.1:19080", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(25));
    assertThat(courtesy.pause("http://127.0.0.1:19081", Duration.ZERO))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aRateThatWasSetHoldsForAllSites() {
    Courtesy courtesy = with(Map.of("SITE_URL", "http://127.0.0.1:19080", "FETCH_RATE", "4"));
    assertThat(courtesy.pause("http://127.0.0.1:19080", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(250));
    assertThat(courtesy.pause("https://example.com", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void allWorkersTogetherKeepTheCrawlDelay() {
    Courtesy courtesy = with(Map.of("FETCH_RATE", "40", "FETCH_WORKERS", "3"));
    assertThat(courtesy.pause("https://example.com", Duration.ofSeconds(2)))
        .isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void robotsKnowTheFirstWordOfTheAgent() {
    assertThat(with(Map.of("USER_AGENT", "ShopBot/2.1 (+https://example.com)")).robotName())
        .isEqualTo("shopbot");
  }
}
