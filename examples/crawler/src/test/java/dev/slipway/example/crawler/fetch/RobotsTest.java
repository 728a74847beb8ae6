package dev.slipway.example.crawler.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.example.crawler.fetch.Robots.Verdict;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RobotsTest {
  private static final Verdict OPEN = new Verdict.Allowed(Duration.ZERO);

  private final List<URI> asked = new ArrayList<>();
  private final ArrayDeque<Download> answers = new ArrayDeque<>();
  private final Robots robots =
      new Robots(
          "ShopBot",
          uri -> {
            asked.add(uri);
            return answers.removeFirst();
          });

  private static Download file(String text) {
    return new Download.Body("text/plain", text.getBytes(UTF_8));
  }

  private Verdict ask(String path, Duration now) {
    return robots.ask("http://h", "http://h" + path, now.toNanos());
  }

  @Test
  void aClosedPartIsForbiddenAndTheRestIsNot() {
    answers.add(file("User-agent: *\nDisallow: /clearance/\n"));
    assertThat(ask("/clearance/1", Duration.ZERO)).isEqualTo(new Verdict.Forbidden());
    assertThat(ask("/item/1", Duration.ZERO)).isEqualTo(OPEN);
    assertThat(asked).containsExactly(URI.create("http://h/robots.txt"));
  }

  @Test
  void ourOwnNameGoesBeforeTheStar() {
    answers.add(
        file("User-agent: *\nDisallow: /\n\nUser-agent: shopbot\nDisallow: /x\nCrawl-delay: 2\n"));
    assertThat(ask("/a", Duration.ZERO)).isEqualTo(new Verdict.Allowed(Duration.ofSeconds(2)));
    assertThat(ask("/x", Duration.ZERO)).isEqualTo(new Verdict.Forbidden());
  }

  @Test
  void aSiteWithoutTheFileIsOpen() {
    answers.add(new Download.Refused("http-404", 404));
    assertThat(ask("/a", Duration.ZERO)).isEqualTo(OPEN);
  }

  @Test
  void aSiteWhoseServerIsBrokenForGoodIsClosed() {
    answers.add(new Download.Refused("http-501", 501));
    assertThat(ask("/a", Duration.ZERO)).isEqualTo(new Verdict.Forbidden());
  }

  @Test
  void aFileThatCannotBeReadNowIsAskedForAgain() {
    answers.add(new Download.Unavailable("http-503", Duration.ZERO));
    answers.add(file(""));
    assertThat(ask("/a", Duration.ZERO)).isEqualTo(new Verdict.Unknown());
    assertThat(ask("/a", Robots.KEEP_FAILURE.minusMillis(1))).isEqualTo(new Verdict.Unknown());
    assertThat(ask("/a", Robots.KEEP_FAILURE)).isEqualTo(OPEN);
    assertThat(asked).hasSize(2);
  }

  @Test
  void theFileIsKeptForAWhile() {
    answers.add(file(""));
    answers.add(file("User-agent: *\nDisallow: /\n"));
    assertThat(ask("/a", Duration.ZERO)).isEqualTo(OPEN);
    assertThat(ask("/a", Robots.KEEP.minusMillis(1))).isEqualTo(OPEN);
    assertThat(ask("/a", Robots.KEEP)).isEqualTo(new Verdict.Forbidden());
  }

  @Test
  void redirectsAreFollowedToAnEnd() {
    answers.add(new Download.Redirect("https://www.h/robots.txt"));
    answers.add(file("User-agent: *\nDisallow: /x\n"));
    assertThat(ask("/x", Duration.ZERO)).isEqualTo(new Verdict.Forbidden());
    assertThat(asked).last().isEqualTo(URI.create("https://www.h/robots.txt"));
    for (int hop = 0; hop < 10; hop++) {
      answers.add(new Download.Redirect("/again"));
    }
    assertThat(ask("/x", Robots.KEEP)).isEqualTo(OPEN);
    assertThat(asked).hasSize(2 + 6);
  }

  @Test
  void aDelayBeyondReasonClosesTheSite() {
    answers.add(file("User-agent: *\nCrawl-delay: 3600\n"));
    assertThat(ask("/a", Duration.ZERO)).isEqualTo(new Verdict.Forbidden());
  }
}
