package dev.slipway.example.crawler.fetch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// When the next request to a host may be made, so that two of them are at least a pause apart.
///
/// Pure but for its memory: who calls tells the time and does the waiting. Not safe for several
/// threads. Remembers the [#HOSTS] hosts used last; one that was forgotten was not asked for long.
final class RateLimit {
  static final int HOSTS = 1_000;

  private final Map<String, Long> free = new LinkedHashMap<>(64, 0.75f, true);

  /// Takes the next place for a request to `host`.
  ///
  /// @param pause the time between two requests to this host
  /// @param now the time, in nanoseconds of any clock that only goes on
  /// @return how long to wait before the request
  Duration reserve(String host, Duration pause, long now) {
    long turn = Math.max(now, free.getOrDefault(host, now));
    free.put(host, turn + pause.toNanos());
    if (free.size() > HOSTS) {
      free.remove(free.keySet().iterator().next());
    }
    return Duration.ofNanos(turn - now);
  }
}
