package dev.slipway.example.crawler.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final EventLog log = new EventLog(new PrintStream(bytes, true, UTF_8));

  @Test
  void aFactIsOneLine() {
    log.fact("page-fetched", "url", "http://h/", "bytes", 7, "note", "two words", "empty", "");
    assertThat(bytes.toString(UTF_8))
        .isEqualTo("event=page-fetched url=http://h/ bytes=7 note=\"two words\" empty=\"\"\n");
  }

  @Test
  void aValueCannotForgeALine() {
    log.fact(
        "page-failed", "url", "http://h/\nevent=crawl-done\u001b[2J\"", "long", "x".repeat(1_000));
    assertThat(bytes.toString(UTF_8)).hasLineCount(1).doesNotContain("\u001b").hasSizeLessThan(500);
  }

  @Test
  void aFloodIsCutAndCounted() {
    for (int line = 0; line < 10_000; line++) {
      log.fact("flood", "line", line);
    }
    // The loop may cross the border of a second, or two.
    assertThat(bytes.toString(UTF_8).lines().count())
        .isBetween(100L, 10L * EventLog.LINES_PER_SECOND);
  }
}
