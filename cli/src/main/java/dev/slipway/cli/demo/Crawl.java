package dev.slipway.cli.demo;

import dev.slipway.cli.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// How far the crawl is, as its store tells.
record Crawl(Json stats) {
  private static final int TIMEOUT_MILLISECONDS = 2_000;
  private static final int LARGEST_ANSWER = 1024 * 1024;

  /// Asks the store; nothing while it does not answer yet.
  static Optional<Crawl> look(String storeUrl) {
    try {
      var connection = (HttpURLConnection) URI.create(storeUrl + "stats").toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLISECONDS);
      connection.setReadTimeout(TIMEOUT_MILLISECONDS);
      try (InputStream body = connection.getInputStream()) {
        return Optional.of(new Crawl(Json.read(body.readNBytes(LARGEST_ANSWER))));
      }
    } catch (IOException | tools.jackson.core.JacksonException notYet) {
      return Optional.empty();
    }
  }

  boolean done() {
    return stats.at("done").flag();
  }

  long pages() {
    return stats.at("pages").whole();
  }

  long items() {
    return stats.at("items").whole();
  }

  long errors() {
    return stats.at("errors").whole();
  }

  double seconds() {
    return stats.at("seconds").number();
  }

  double pagesPerSecond() {
    return stats.at("pagesPerSecond").number();
  }

  /// One line for the person who watches.
  String words() {
    return "%,d pages (%.0f/s), %,d items, %,d waiting, %d errors"
        .formatted(
            pages(),
            done() ? pagesPerSecond() : stats.at("pagesPerSecondNow").number(),
            items(),
            stats.at("queued").whole(),
            errors());
  }

  /// The summary for programs.
  Json summary() {
    return Json.object(Map.of("pages", pages(), "items", items(), "errors", errors()))
        .with("seconds", seconds())
        .with("pagesPerSecond", pagesPerSecond());
  }
}
