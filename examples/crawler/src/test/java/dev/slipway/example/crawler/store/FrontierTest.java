package dev.slipway.example.crawler.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.message.PageResult.Ending;
import dev.slipway.example.crawler.store.CrawlEvent.Beyond;
import dev.slipway.example.crawler.store.CrawlEvent.PageEnded;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrontierTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final String HOME = "http://shop/";

  private final Frontier frontier = begun(100, HOME);

  private static Frontier begun(int pageLimit, String... seeds) {
    Frontier frontier = new Frontier(pageLimit, 100);
    frontier.decideStart(List.of(seeds), NOW).ifPresent(frontier::evolve);
    return frontier;
  }

  private static Page page(String url) {
    return new Page(url, 0, url.equals(HOME));
  }

  private static PageResult parsed(String url, String... links) {
    return new PageResult(page(url), Ending.PARSED, "", "1", List.of(), List.of(links), 0);
  }

  private static Optional<PageEnded> take(Frontier frontier, PageResult result) {
    Optional<PageEnded> event = frontier.decide(result, NOW);
    event.ifPresent(frontier::evolve);
    return event;
  }

  @Test
  void theCrawlBeginsAtItsSeedsAndOnlyOnce() {
    assertThat(frontier.due(10)).containsExactly(new Page(HOME, 0, true));
    assertThat(frontier.isDone()).isFalse();
    assertThat(frontier.decideStart(List.of(HOME), NOW)).isEmpty();
  }

  @Test
  void aPageIsKnownOnceHoweverManyLinkToIt() {
    take(frontier, parsed(HOME, "http://shop/a", "http://shop/b", "http://shop/a", HOME));
    take(frontier, parsed("http://shop/a", "http://shop/b", HOME));
    assertThat(frontier.known()).isEqualTo(3);
    assertThat(frontier.due(10)).containsExactly(page("http://shop/b"));
  }

  @Test
  void theCrawlIsDoneWithItsLastPageAndNotBefore() {
    take(frontier, parsed(HOME, "http://shop/a"));
    assertThat(frontier.isDone()).isFalse();
    take(frontier, PageResult.failed(page("http://shop/a"), "http-500"));
    assertThat(frontier.isDone()).isTrue();
  }

  @Test
  void aSecondResultOfAPageChangesNothing() {
    take(frontier, parsed(HOME, "http://shop/a", "http://shop/b"));
    take(frontier, parsed("http://shop/a"));
    assertThat(take(frontier, parsed("http://shop/a"))).isEmpty();
    assertThat(take(frontier, PageResult.failed(page("http://shop/a"), "dead-letter"))).isEmpty();
    assertThat(frontier.ended()).isEqualTo(2);
    assertThat(frontier.isDone()).isFalse();
  }

  @Test
  void otherSitesAreOutOfScope() {
    Optional<PageEnded> event =
        take(
            frontier,
            parsed(HOME, "http://shop/a", "http://other/", "https://shop/", "http://shop:81/"));
    assertThat(event.orElseThrow().beyond()).isEqualTo(new Beyond(3, 0));
    assertThat(frontier.known()).isEqualTo(2);
  }

  @Test
  void aSeedThatMovesTakesTheScopeAlong() {
    take(frontier, PageResult.redirected(page(HOME), "https://www.shop/"));
    assertThat(frontier.due(10)).containsExactly(new Page("https://www.shop/", 1, true));
    take(
        frontier,
        new PageResult(
            new Page("https://www.shop/", 1, true),
            Ending.PARSED,
            "",
            "1",
            List.of(),
            List.of("https://www.shop/a"),
            0));
    assertThat(frontier.due(10)).containsExactly(page("https://www.shop/a"));
  }

  @Test
  void anyOtherPageThatMovesDoesNot() {
    take(frontier, parsed(HOME, "http://shop/go"));
    take(frontier, PageResult.redirected(page("http://shop/go"), "http://evil/"));
    assertThat(frontier.isDone()).isTrue();
  }

  @Test
  void redirectsAreCounted() {
    take(frontier, parsed(HOME, "http://shop/1"));
    take(frontier, PageResult.redirected(page("http://shop/1"), "http://shop/2"));
    assertThat(frontier.due(10)).containsExactly(new Page("http://shop/2", 1, false));
  }

  @Test
  void pagesPastTheLimitAreCountedAndLeft() {
    Frontier small = begun(3, HOME);
    Optional<PageEnded> event =
        take(
            small,
            parsed(HOME, "http://shop/a", "http://shop/b", "http://shop/c", "http://shop/d"));
    assertThat(event.orElseThrow().beyond()).isEqualTo(new Beyond(0, 2));
    assertThat(small.known()).isEqualTo(3);
  }

  @Test
  void notMorePagesAreOutThanTheWindowAllows() {
    take(frontier, parsed(HOME, "http://shop/a", "http://shop/b", "http://shop/c"));
    List<Page> first = frontier.due(2);
    frontier.handOut(first);
    assertThat(first).hasSize(2);
    assertThat(frontier.due(2)).isEmpty();
    take(frontier, parsed("http://shop/b"));
    assertThat(frontier.due(2)).containsExactly(page("http://shop/c"));
  }

  @Test
  void anItemIsFoundOnce() {
    Item lamp = new Item("Lamp", "1", "EUR", "http://shop/lamp");
    PageResult first =
        new PageResult(
            page(HOME), Ending.PARSED, "", "1", List.of(lamp, lamp), List.of("http://shop/a"), 0);
    PageResult second =
        new PageResult(page("http://shop/a"), Ending.PARSED, "", "1", List.of(lamp), List.of(), 0);
    assertThat(take(frontier, first).orElseThrow().items()).containsExactly(lamp);
    assertThat(take(frontier, second).orElseThrow().items()).isEmpty();
  }

  @Test
  void whatWasLostIsHandedOutAgainButNotForEver() {
    for (int time = 0; time < Frontier.HAND_OUT_LIMIT; time++) {
      assertThat(frontier.takeBack()).isEmpty();
      frontier.handOut(frontier.due(10));
      assertThat(frontier.handedOut()).isEqualTo(1);
    }
    assertThat(frontier.takeBack()).containsExactly(page(HOME));
    take(frontier, PageResult.failed(page(HOME), "lost"));
    assertThat(frontier.isDone()).isTrue();
  }

  @Test
  void aResultFromBeforeTheDiskWasLostCounts() {
    assertThat(take(frontier, parsed("http://shop/x", "http://shop/y"))).isPresent();
    take(frontier, parsed(HOME, "http://shop/x"));
    assertThat(frontier.due(10)).containsExactly(page("http://shop/y"));
    assertThat(take(frontier, parsed("http://other/x"))).isEmpty();
  }
}
