package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.store.CrawlEvent.CrawlStarted;
import dev.slipway.example.crawler.store.CrawlEvent.PageEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts what the events say, for the report. Owned by the store's thread.
final class Tally {
  /// Kinds and versions that are told apart; the others are counted as `other`.
  private static final int NAMES = 30;

  /// The span over which the present rate is measured.
  private static final Duration RECENT = Duration.ofSeconds(5);

  private static final double MILLIS = 1_000;

  private final SortedMap<String, Integer> errors = new TreeMap<>();
  private final SortedMap<String, Integer> skips = new TreeMap<>();
  private final SortedMap<String, Integer> versions = new TreeMap<>();
  private final ArrayDeque<Instant> recent = new ArrayDeque<>();
  private @Nullable Instant started;
  private @Nullable Instant lastEnd;
  private int parsed;
  private int failed;
  private int skipped;
  private int items;
  private int outOfScope;
  private int pastLimit;
  private int duplicates;

  void count(CrawlEvent event) {
    switch (event) {
      case CrawlStarted start -> {
        if (started == null) {
          started = start.at();
        }
      }
      case PageEnded end -> countEnd(end);
    }
  }

  /// A result that changed nothing.
  void countDuplicate() {
    duplicates++;
  }

  /// The report of now.
  Stats stats(Frontier frontier, Instant now) {
    boolean done = frontier.isDone();
    Instant first = started;
    Instant until = now;
    if (done && lastEnd != null) {
      until = lastEnd;
    }
    double seconds = 0;
    if (first != null) {
      seconds = Math.max(0, Duration.between(first, until).toMillis() / MILLIS);
    }
    double rate = 0;
    if (seconds > 0) {
      rate = parsed / seconds;
    }
    String finishedAt = "";
    if (done) {
      finishedAt = String.valueOf(until);
    }
    return new Stats(
        parsed,
        items,
        failed,
        skipped,
        frontier.known() - frontier.ended(),
        frontier.handedOut(),
        frontier.known(),
        done,
        String.valueOf(first),
        finishedAt,
        rounded(seconds),
        rounded(rate),
        rounded(recentRate(now, done)),
        new TreeMap<>(errors),
        new TreeMap<>(skips),
        new TreeMap<>(versions),
        outOfScope,
        pastLimit,
        duplicates);
  }

  private void countEnd(PageEnded end) {
    lastEnd = end.at();
    items += end.items().size();
    outOfScope += end.beyond().scope();
    pastLimit += end.beyond().limit();
    switch (end.ending()) {
      case PARSED -> {
        parsed++;
        recent.add(end.at());
        add(versions, end.version());
      }
      case SKIPPED -> {
        skipped++;
        add(skips, end.kind());
      }
      case FAILED -> {
        failed++;
        add(errors, end.kind());
      }
    }
    forget(end.at());
  }

  private double recentRate(Instant now, boolean done) {
    forget(now);
    if (done) {
      return 0;
    }
    return recent.size() * MILLIS / RECENT.toMillis();
  }

  private void forget(Instant now) {
    Instant begin = now.minus(RECENT);
    while (!recent.isEmpty() && recent.getFirst().isBefore(begin)) {
      recent.removeFirst();
    }
  }

  private static void add(SortedMap<String, Integer> counts, String name) {
    String key = name;
    if (!counts.containsKey(name) && counts.size() >= NAMES) {
      key = "other";
    }
    counts.merge(key, 1, Integer::sum);
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
