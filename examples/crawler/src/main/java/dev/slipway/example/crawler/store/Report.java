package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Wire;
import dev.slipway.example.crawler.worker.Progress;
import dev.slipway.example.crawler.worker.WebServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The report over HTTP: `/` for people, `/stats` and `/items?skip=0&limit=50` as JSON, `/health`.
/// Safe for all threads.
final class Report {
  private static final int ITEMS_AT_ONCE = 500;
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:";
  private static final Pattern NUMBER = Pattern.compile("(skip|limit)=(\\d{1,7})");

  private final List<String> seeds;
  private final ItemFile items;
  private final Progress progress;
  private final Answer page;
  private volatile String stats;

  Report(List<String> seeds, ItemFile items, Progress progress, Stats stats) {
    this.seeds = seeds;
    this.items = items;
    this.progress = progress;
    this.page =
        Answer.of(200, "text/html; charset=utf-8", pageText())
            .with("Content-Security-Policy", POLICY);
    this.stats = Wire.write(stats);
  }

  /// Shows these numbers from now on.
  void show(Stats now) {
    stats = Wire.write(now);
  }

  Answer answer(URI uri) {
    return switch (uri.getPath()) {
      case "/" -> page;
      case "/health" -> Answer.health(progress.health());
      case "/stats" -> Answer.json(stats);
      case "/items" -> Answer.json(Wire.write(itemPage(uri)));
      default -> Answer.text(404, "there are /, /stats, /items and /health");
    };
  }

  /// Items of the report, the newest first.
  ///
  /// @param seeds where the crawl began
  /// @param file the file that has all items
  /// @param total how many items there are
  record ItemPage(List<String> seeds, String file, int total, List<Item> items) {}

  private ItemPage itemPage(URI uri) {
    int skip = 0;
    int limit = 50;
    Matcher numbers = NUMBER.matcher(Objects.requireNonNullElse(uri.getQuery(), ""));
    while (numbers.find()) {
      int value = Integer.parseInt(numbers.group(2));
      if (numbers.group(1).equals("skip")) {
        skip = value;
      } else {
        limit = Math.min(value, ITEMS_AT_ONCE);
      }
    }
    return new ItemPage(seeds, items.file().toString(), items.size(), items.newest(skip, limit));
  }

  private static String pageText() {
    try (InputStream in = Objects.requireNonNull(Report.class.getResourceAsStream("report.html"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read report.html", e);
    }
  }
}
