package dev.slipway.example.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.example.crawler.queue.QueueName;
import dev.slipway.example.crawler.worker.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The crawl from end to end, over real HTTP and a real SQS server.
class WholeCrawlTest {
  @TempDir private Path directory;

  private void assertComplete(RunningCrawl crawl, JsonNode stats) throws IOException {
    int items = crawl.siteItems();
    assertThat(stats.get("items").asInt()).isEqualTo(items);
    assertThat(stats.get("errors").asInt()).as(stats.toString()).isZero();
    assertThat(stats.get("queued").asInt()).isZero();
    List<String> links = crawl.items().stream().map(item -> item.get("link").asString()).toList();
    assertThat(links)
        .hasSize(items)
        .doesNotHaveDuplicates()
        .noneMatch(link -> link.contains("/clearance/"));
  }

  @Test
  void aSiteIsCrawledToItsEnd() throws IOException {
    try (RunningCrawl crawl =
        new RunningCrawl(
            directory,
            Map.of("SITE_ITEMS", "300", "SITE_FAULT_PERCENT", "3", "FETCH_RATE", "500"))) {
      crawl.startStore();
      crawl.start("fetch", Map.of());
      crawl.start("fetch", Map.of());
      crawl.start("parse", Map.of());
      JsonNode stats = crawl.awaitDone();
      assertComplete(crawl, stats);
      // The disallowed search, the items on clearance that something links to, the file of terms
      // and the short link.
      assertThat(stats.get("skippedByKind").get("robots").asInt()).isEqualTo(7);
      assertThat(stats.get("skippedByKind").get("not-html").asInt()).isEqualTo(1);
      assertThat(stats.get("skippedByKind").get("redirected").asInt()).isEqualTo(1);
      // Home, three categories (120, 120, 60 items) of five, five and three pages, the items.
      assertThat(stats.get("pages").asInt()).isEqualTo(1 + 13 + 294);
      assertThat(crawl.items().getFirst().get("price").asString()).matches("\\d+\\.\\d{2}");
    }
  }

  @Test
  void killedParsersLoseNoPage() throws Exception {
    try (RunningCrawl crawl =
        new RunningCrawl(directory, Map.of("SITE_ITEMS", "500", "FETCH_RATE", "50"))) {
      crawl.startStore();
      crawl.start("fetch", Map.of());
      Process first = crawl.spawn("parse", Map.of("PARSE_VERSION", "old"));
      Process second = crawl.spawn("parse", Map.of("PARSE_VERSION", "old"));
      crawl.awaitPages(60);
      first.destroyForcibly();
      Process third = crawl.spawn("parse", Map.of("PARSE_VERSION", "new"));
      crawl.awaitPages(140);
      second.destroy();
      assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(second.exitValue()).as("exit code after SIGTERM").isZero();
      crawl.awaitPages(220);
      third.destroyForcibly();
      crawl.spawn("parse", Map.of("PARSE_VERSION", "new"));
      JsonNode stats = crawl.awaitDone();
      assertComplete(crawl, stats);
      assertThat(stats.get("pagesByParser").get("old").asInt()).isPositive();
      assertThat(stats.get("pagesByParser").get("new").asInt()).isPositive();
    }
  }

  @Test
  void aQueueThatForgotEverythingLosesNoPage() throws IOException {
    try (RunningCrawl crawl =
        new RunningCrawl(directory, Map.of("SITE_ITEMS", "300", "FETCH_RATE", "60"))) {
      crawl.startStore();
      crawl.start("fetch", Map.of());
      crawl.start("parse", Map.of());
      crawl.awaitPages(60);
      crawl.loseQueue();
      assertComplete(crawl, crawl.awaitDone());
    }
  }

  @Test
  void aStoreThatStartsAnewGoesOn() throws IOException {
    try (RunningCrawl crawl =
        new RunningCrawl(directory, Map.of("SITE_ITEMS", "300", "FETCH_RATE", "60"))) {
      crawl.startStore();
      crawl.start("fetch", Map.of());
      crawl.start("parse", Map.of());
      crawl.awaitPages(60);
      crawl.stopStore();
      crawl.startStore();
      assertThat(crawl.stats().get("pages").asInt()).isGreaterThanOrEqualTo(60);
      assertComplete(crawl, crawl.awaitDone());
    }
  }

  @Test
  void aPageThatNoParserSurvivesBecomesADeadLetterAndTheCrawlEnds() throws IOException {
    Map<String, String> settings = Map.of("SITE_ITEMS", "10", "FETCH_RATE", "500");
    try (RunningCrawl crawl = new RunningCrawl(directory, settings)) {
      crawl.startStore();
      crawl.start("fetch", Map.of());
      try (PoisonedParser parser = new PoisonedParser(crawl.queueAddress())) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> parser.refuse() >= 0 && crawl.stats().get("done").asBoolean());
        assertThat(parser.refuse()).isEqualTo(QueueName.PAGES_TO_PARSE.receiveLimit());
      }
      JsonNode stats = crawl.awaitDone();
      assertThat(stats.get("errorsByKind").get("dead-letter").asInt()).isEqualTo(1);
      assertThat(stats.get("pages").asInt()).isZero();
    }
  }

  @Test
  void healthTellsWhetherTheQueueAnswers() {
    try (RunningCrawl crawl = new RunningCrawl(directory, Map.of("SITE_ITEMS", "1"))) {
      crawl.startStore();
      Role parse = crawl.start("parse", Map.of());
      await().until(() -> crawl.text(parse.port(), "/health").equals("ok\n"));
      Role lost = crawl.start("parse", Map.of("QUEUE_URL", "http://127.0.0.1:1"));
      assertThat(crawl.text(lost.port(), "/health")).isEqualTo("the queue has not answered yet\n");
    }
  }

  @Test
  void theReportShowsTheCrawl() {
    try (RunningCrawl crawl =
        new RunningCrawl(directory, Map.of("SITE_ITEMS", "3", "FETCH_RATE", "500"))) {
      crawl.startStore();
      crawl.start("fetch", Map.of());
      crawl.start("parse", Map.of());
      crawl.awaitDone();
      assertThat(crawl.storeText("/")).contains("Crawl report").contains("pagesPerSecond");
      assertThat(crawl.storeText("/items?skip=1&limit=2")).contains("\"total\":3").contains("No. ");
      assertThat(crawl.storeText("/../etc/passwd")).startsWith("there are");
    }
  }
}
