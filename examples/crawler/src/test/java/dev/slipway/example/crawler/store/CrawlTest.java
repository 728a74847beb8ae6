package dev.slipway.example.crawler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.message.PageResult.Ending;
import dev.slipway.example.crawler.message.Wire;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.Environment.BadSetting;
import dev.slipway.example.crawler.worker.EventLog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrawlTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Page HOME = new Page("http://shop/", 0, true);
  private static final Item LAMP = new Item("Lamp", "1.50", "EUR", "http://shop/lamp");
  private static final PageResult RESULT =
      new PageResult(HOME, Ending.PARSED, "", "1", List.of(LAMP), List.of("http://shop/lamp"), 0);

  @TempDir private Path directory;

  private Crawl open() {
    CrawlPlan plan = new CrawlPlan(List.of("http://shop/"), 100, 10, directory);
    return Crawl.open(plan, NOW, new EventLog(new PrintStream(OutputStream.nullOutputStream())));
  }

  @Test
  void aCrawlGoesOnWhereItsLogEnds() {
    try (Crawl crawl = open()) {
      crawl.take(List.of(RESULT, RESULT), NOW.plusSeconds(4));
    }
    try (Crawl crawl = open()) {
      assertThat(crawl.frontier().due(10)).containsExactly(new Page("http://shop/lamp", 0, false));
      assertThat(crawl.items().newest(0, 10)).containsExactly(LAMP);
      crawl.take(
          List.of(RESULT, PageResult.failed(new Page("http://shop/lamp", 0, false), "http-404")),
          NOW.plusSeconds(9));
      Stats stats = crawl.stats(NOW.plusSeconds(100));
      assertThat(stats.done()).isTrue();
      assertThat(stats.pages()).isEqualTo(1);
      assertThat(stats.errorsByKind()).isEqualTo(Map.of("http-404", 1));
      assertThat(stats.seconds()).isEqualTo(9);
      assertThat(stats.duplicates()).isEqualTo(1);
    }
  }

  @Test
  void theItemsAreMadeAnewFromTheLog() throws IOException {
    try (Crawl crawl = open()) {
      crawl.take(List.of(RESULT), NOW);
    }
    Files.delete(directory.resolve("items.jsonl"));
    open().close();
    assertThat(Files.readAllLines(directory.resolve("items.jsonl")))
        .containsExactly(Wire.write(LAMP));
  }

  @Test
  void aLineThatACrashToreIsCutOff() throws IOException {
    open().close();
    Files.writeString(
        directory.resolve("crawl.log"), "{\"event\":\"page-en", StandardOpenOption.APPEND);
    try (Crawl crawl = open()) {
      crawl.take(List.of(RESULT), NOW);
    }
    try (Crawl crawl = open()) {
      assertThat(crawl.frontier().ended()).isEqualTo(1);
    }
  }

  @Test
  void aDamagedLineIsNamed() throws IOException {
    open().close();
    Files.writeString(directory.resolve("crawl.log"), "rubbish\n", StandardOpenOption.APPEND);
    assertThatThrownBy(this::open)
        .isInstanceOf(UncheckedIOException.class)
        .hasStackTraceContaining("damaged in line 3");
  }

  @Test
  void anotherFileIsNotTakenForALog() throws IOException {
    Files.writeString(directory.resolve("crawl.log"), "dear diary\n");
    assertThatThrownBy(this::open).hasStackTraceContaining("is not the log of a crawl");
  }

  @Test
  void twoStoresDoNotShareADirectory() {
    Crawl crawl = open();
    try (crawl) {
      assertThatThrownBy(this::open).hasStackTraceContaining("another store writes");
    }
    open().close();
  }

  @Test
  void theLimitDependsOnWhoseSiteItIs() {
    Map<String, String> own = Map.of("SITE_URL", "http://127.0.0.1:19080");
    Map<String, String> other =
        Map.of(
            "SITE_URL", "http://127.0.0.1:19080", "SEED_URL", "http://a.example, http://b.example");
    Map<String, String> limited = Map.of("SEED_URL", "http://a.example", "MAX_PAGES", "7");
    assertThat(CrawlPlan.of(new Environment(own)).maxPages()).isEqualTo(CrawlPlan.PAGE_LIMIT);
    assertThat(CrawlPlan.of(new Environment(other)).maxPages())
        .isEqualTo(CrawlPlan.OTHER_SITE_PAGES);
    assertThat(CrawlPlan.of(new Environment(other)).seeds())
        .containsExactly("http://a.example/", "http://b.example/");
    assertThat(CrawlPlan.of(new Environment(limited)).maxPages()).isEqualTo(7);
    assertThatThrownBy(() -> CrawlPlan.of(new Environment(Map.of("SEED_URL", "mailto:x@y"))))
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining("mailto:x@y");
    assertThatThrownBy(() -> CrawlPlan.of(new Environment(Map.of())))
        .isInstanceOf(BadSetting.class);
  }
}
