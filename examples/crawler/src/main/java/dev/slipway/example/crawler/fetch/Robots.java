package dev.slipway.example.crawler.fetch;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRulesParser;
import dev.slipway.example.crawler.message.Address;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What the robots.txt of each origin allows (RFC 9309), remembered for a while.
///
/// No robots.txt allows all. One that cannot be read now (a server's error, no connection) allows
/// nothing yet: the page is tried again later. A Crawl-delay above [#LONGEST_DELAY] forbids the
/// site. Not safe for several threads.
final class Robots {
  static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
  static final Duration KEEP = Duration.ofMinutes(10);
  static final Duration KEEP_FAILURE = Duration.ofSeconds(1);
  static final int ORIGINS = 1_000;

  private static final int REDIRECTS = 5;
  private static final int NOT_FOUND = 404;

  private final String name;
  private final Function<URI, Download> download;
  private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  /// @param name this crawler's name as robots.txt files write it
  /// @param download GETs a robots.txt
  Robots(String name, Function<URI, Download> download) {
    this.name = name.toLowerCase(Locale.ROOT);
    this.download = download;
  }

  /// What is allowed for a page.
  sealed interface Verdict {
    /// It may be fetched, with at least this pause between two pages of its origin.
    record Allowed(Duration delay) implements Verdict {}

    record Forbidden() implements Verdict {}

    /// It cannot be told now.
    record Unknown() implements Verdict {}
  }

  private record Known(BaseRobotRules rules, boolean readable, long until) {}

  /// @param now the time, in nanoseconds of any clock that only goes on
  Verdict ask(String origin, String url, long now) {
    Known entry = known.get(origin);
    if (entry == null || entry.until() - now <= 0) {
      entry = read(origin, now);
      known.put(origin, entry);
      if (known.size() > ORIGINS) {
        known.remove(known.keySet().iterator().next());
      }
    }
    if (!entry.readable()) {
      return new Verdict.Unknown();
    }
    if (!entry.rules().isAllowed(url)) {
      return new Verdict.Forbidden();
    }
    long delay = entry.rules().getCrawlDelay();
    return new Verdict.Allowed(Duration.ofMillis(Math.max(0, delay)));
  }

  private Known read(String origin, long now) {
    SimpleRobotRulesParser parser = new SimpleRobotRulesParser(LONGEST_DELAY.toMillis(), 0);
    URI address = URI.create(origin + "/robots.txt");
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      switch (download.apply(address)) {
        case Download.Body body -> {
          return kept(
              parser.parseContent(
                  address.toString(), body.bytes(), body.contentType(), List.of(name)),
              now);
        }
        case Download.Redirect redirect -> {
          Optional<String> target = Address.resolve(address.toString(), redirect.location());
          if (target.isEmpty()) {
            return kept(parser.failedFetch(NOT_FOUND), now);
          }
          address = URI.create(target.get());
        }
        // A status of 400 and above allows all, one of 500 and above nothing, as RFC 9309 says; so
        // does no status.
        case Download.Refused refused -> {
          return kept(parser.failedFetch(refused.status()), now);
        }
        case Download.Uninteresting _ -> {
          return kept(parser.failedFetch(NOT_FOUND), now);
        }
        case Download.Unavailable _ -> {
          return new Known(parser.failedFetch(503), false, now + KEEP_FAILURE.toNanos());
        }
      }
    }
    return kept(parser.failedFetch(NOT_FOUND), now);
  }

  private static Known kept(BaseRobotRules rules, long now) {
    return new Known(rules, true, now + KEEP.toNanos());
  }
}
