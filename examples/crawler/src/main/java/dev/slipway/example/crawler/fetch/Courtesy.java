package dev.slipway.example.crawler.fetch;

import dev.slipway.example.crawler.message.Address;
import dev.slipway.example.crawler.worker.Environment;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/// How fast a fetcher may ask a site, and under which name.
///
/// @param userAgent the header User-Agent
/// @param ownSite the origin of the example's own site, which may be asked faster
/// @param rate requests a second to one origin as set by FETCH_RATE, for this worker
/// @param workers how many fetchers there are: together they keep a Crawl-delay
record Courtesy(String userAgent, String ownSite, OptionalDouble rate, int workers) {
  static final double OWN_SITE_RATE = 40;
  static final double OTHER_RATE = 1;

  private static final String NAME = "SlipwayExampleCrawler";

  static Courtesy of(Environment environment) {
    OptionalDouble rate = OptionalDouble.empty();
    if (environment.has("FETCH_RATE")) {
      rate = OptionalDouble.of(environment.decimal("FETCH_RATE", OTHER_RATE, 0.01, 1_000));
    }
    return new Courtesy(
        environment.text("USER_AGENT", NAME + "/1.0"),
        Address.origin(environment.text("SITE_URL", "")).orElse(""),
        rate,
        environment.number("FETCH_WORKERS", 1, 1, 1_000));
  }

  /// The name that robots.txt files know this crawler by: the user agent's first word.
  String robotName() {
    return userAgent.split("[/\\s]")[0].toLowerCase(Locale.ROOT);
  }

  double rateFor(String origin) {
    if (rate.isPresent()) {
      return rate.getAsDouble();
    }
    if (origin.equals(ownSite)) {
      return OWN_SITE_RATE;
    }
    return OTHER_RATE;
  }

  /// The time between two requests of this worker to an origin.
  ///
  /// @param crawlDelay what its robots.txt asks of all fetchers together
  Duration pause(String origin, Duration crawlDelay) {
    Duration own = Duration.ofNanos((long) (1e9 / rateFor(origin)));
    Duration asked = crawlDelay.multipliedBy(workers);
    if (asked.compareTo(own) > 0) {
      return asked;
    }
    return own;
  }
}
