package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.store.CrawlEvent.PageEnded;
import dev.slipway.example.crawler.worker.EventLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One crawl with its memory on disk: the frontier, the log that it is made of, the items and the
/// numbers.
///
/// Results are decided, written and forced before they count as taken; a crash before that leaves
/// them in their queue. Owned by one thread, but for `items`.
final class Crawl implements AutoCloseable {
  static final int ITEM_LIMIT = 200_000;

  private final Frontier frontier;
  private final Tally tally = new Tally();
  private final CrawlLog log;
  private final ItemFile items;
  private final EventLog facts;
  private boolean doneTold;

  private Crawl(Frontier frontier, CrawlLog log, List<Item> items, Path directory, EventLog facts) {
    this.frontier = frontier;
    this.log = log;
    this.items = ItemFile.create(directory, items);
    this.facts = facts;
  }

  /// Begins a crawl, or goes on with the one in the plan's directory.
  static Crawl open(CrawlPlan plan, Instant now, EventLog facts) {
    CrawlLog log = CrawlLog.open(plan.directory());
    List<CrawlEvent> events = new ArrayList<>();
    log.replay(events::add);
    List<Item> items =
        events.stream()
            .flatMap(event -> event instanceof PageEnded end ? end.items().stream() : null)
            .toList();
    Crawl crawl =
        new Crawl(new Frontier(plan.maxPages(), ITEM_LIMIT), log, items, plan.directory(), facts);
    events.forEach(crawl::count);
    crawl.doneTold = crawl.frontier.isDone();
    crawl.frontier.decideStart(plan.seeds(), now).ifPresent(crawl::record);
    facts.fact("crawl-opened", "known", crawl.frontier.known(), "ended", crawl.frontier.ended());
    return crawl;
  }

  /// Takes results; those of pages that have ended already change nothing.
  void take(List<PageResult> results, Instant now) {
    List<PageEnded> events = new ArrayList<>();
    for (PageResult result : results) {
      Optional<PageEnded> end = frontier.decide(result, now);
      if (end.isPresent()) {
        count(end.get());
        events.add(end.get());
      } else {
        tally.countDuplicate();
        facts.fact("result-ignored", "url", result.page().url());
      }
    }
    if (!events.isEmpty()) {
      log.append(events);
      items.append(events.stream().flatMap(event -> event.items().stream()).toList());
    }
    tellDone(now);
  }

  /// What was handed out is lost: it waits again, or has failed if that happened too often.
  void takeBack(Instant now) {
    List<Page> hopeless = frontier.takeBack();
    take(hopeless.stream().map(page -> PageResult.failed(page, "lost")).toList(), now);
  }

  Frontier frontier() {
    return frontier;
  }

  ItemFile items() {
    return items;
  }

  Stats stats(Instant now) {
    return tally.stats(frontier, now);
  }

  @Override
  public void close() {
    items.close();
    log.close();
  }

  private void record(CrawlEvent event) {
    log.append(List.of(event));
    count(event);
  }

  private void count(CrawlEvent event) {
    frontier.evolve(event);
    tally.count(event);
  }

  private void tellDone(Instant now) {
    if (doneTold || !frontier.isDone()) {
      return;
    }
    doneTold = true;
    Stats stats = stats(now);
    facts.fact(
        "crawl-done",
        "pages",
        stats.pages(),
        "items",
        stats.items(),
        "errors",
        stats.errors(),
        "skipped",
        stats.skipped(),
        "seconds",
        stats.seconds());
  }
}
